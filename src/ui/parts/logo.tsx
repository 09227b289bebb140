export function Logo() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M10 2c3.6 4 5.4 6.8 5.4 9.4A5.4 5.4 0 0 1 10 17a5.4 5.4 0 0 1-5.4-5.6C4.6 8.8 6.4 6 10 2Z" />
      <path d="M10 12.5 13 9.5M10 12.5V8M10 12.5 7 10.8" strokeWidth="1.5" />
    </svg>
  );
}
