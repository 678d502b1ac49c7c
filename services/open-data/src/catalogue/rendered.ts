import type { Body } from '../http/bodies.js';
import type { View } from './view.js';

/** What is kept of rendered pages at once; the packed forms of a page come to about half of it again. */
const PAGES_MAX = 2_000;
const BYTES_MAX = 64 * 1024 * 1024;

interface Page {
  readonly made: Promise<Body>;
  /** 0 until it is made. */
  bytes: number;
}

/** Pages that were rendered since anything changed; each is made once, however many wait for it. */
export class Rendered {
  #view: View | undefined;
  #pages = new Map<string, Page>();
  #bytes = 0;

  page(view: View, key: string, make: () => Body | Promise<Body>): Promise<Body> {
    if (this.#view !== view) {
      this.#pages = new Map();
      this.#bytes = 0;
      this.#view = view;
    }
    const pages = this.#pages;
    const known = pages.get(key);
    const page = known ?? { made: Promise.resolve().then(make), bytes: 0 };
    // What was asked for longest ago stands first, and goes first.
    pages.delete(key);
    pages.set(key, page);
    if (known === undefined)
      page.made.then(
        ({ bytes }) => {
          if (pages !== this.#pages || pages.get(key) !== page) return;
          page.bytes = bytes.byteLength;
          this.#bytes += page.bytes;
          this.#makeRoom();
        },
        // What could not be made is tried again.
        () => pages.get(key) === page && pages.delete(key),
      );
    return page.made;
  }

  #makeRoom(): void {
    for (const [key, { bytes }] of this.#pages) {
      if (this.#pages.size <= PAGES_MAX && this.#bytes <= BYTES_MAX) return;
      this.#pages.delete(key);
      this.#bytes -= bytes;
    }
  }
}
