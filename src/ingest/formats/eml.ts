import type { Format } from '../format.ts';

/** E-mail: who, when and what about, then the message. */
export const eml: Format = {
  id: 'eml',
  name: 'E-mail',
  extensions: ['eml', 'mht', 'mhtml'],
  startsLike: head =>
    /^(From |Return-Path:|Received:|Delivered-To:|X-[\w-]+:|MIME-Version:|Message-ID:)/i.test(head) &&
    /^(From|To|Subject|Date|MIME-Version):/im.test(head),
  async parse(source) {
    const { readEml } = await import('./eml/read-eml.ts');
    return readEml(source.bytes);
  },
};
