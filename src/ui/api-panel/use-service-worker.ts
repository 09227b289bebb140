import { useEffect, useState } from 'react';

/** The service worker's door: it answers this page, it will after a reload, it is being set up, or there is none. */
export type WorkerDoor = 'active' | 'past' | 'starting' | 'none' | 'impossible';

/** How the service worker stands to this page. */
export function useServiceWorker(): WorkerDoor {
  const [door, setDoor] = useState<WorkerDoor>('starting');
  useEffect(() => {
    // Only secure addresses have it.
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (!container) return setDoor('impossible');
    let current = true;
    const look = async () => {
      const found = await doorOf(container).catch(() => 'none' as const);
      if (current) setDoor(found);
    };
    void look();
    void container.ready.then(look);
    container.addEventListener('controllerchange', look);
    return () => {
      current = false;
      container.removeEventListener('controllerchange', look);
    };
  }, []);
  return door;
}

async function doorOf(container: ServiceWorkerContainer): Promise<WorkerDoor> {
  if (container.controller) return 'active';
  const registration = await container.getRegistration();
  if (!registration) return 'none';
  return registration.active?.state === 'activated' ? 'past' : 'starting';
}
