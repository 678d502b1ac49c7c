import type { Published, PublishedFolder } from '@hitonami/releases';
import { catalogueOf, type Catalogue } from './entries.js';

/** The catalogue of what lies in the public folder now. */
export class CatalogueReader {
  readonly #folder: Pick<PublishedFolder, 'look'>;
  #published: Published | undefined;
  #catalogue: Catalogue | undefined;

  constructor(folder: Pick<PublishedFolder, 'look'>) {
    this.#folder = folder;
  }

  /** The same object for as long as nothing changed. */
  async look(): Promise<Catalogue> {
    const published = await this.#folder.look();
    if (this.#catalogue === undefined || published !== this.#published) {
      this.#catalogue = catalogueOf(published, this.#catalogue);
      this.#published = published;
    }
    return this.#catalogue;
  }
}
