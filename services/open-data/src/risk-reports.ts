import { readFile } from 'node:fs/promises';
import type { SitePlan } from '@hitonami/model';
import { auditFiguresOf, type AuditFigures } from '@hitonami/privacy';
import type { Logger } from '@hitonami/service';

/** A larger file is no risk report, bytes. */
const REPORT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * What `hitonami audit` has measured, from the reports that it writes. A report that is not there, or cannot be read, is
 * said in the log, and the notice says that nothing was measured: it never shows a figure of before.
 */
export class RiskReports {
  readonly #files: readonly string[];
  readonly #logger: Logger;
  #texts: readonly string[] = [];

  constructor(files: readonly string[], logger: Logger) {
    this.#files = files;
    this.#logger = logger;
  }

  /** Reads the files anew. */
  async refresh(): Promise<void> {
    const texts = await Promise.all(
      this.#files.map(async (file) => {
        try {
          const bytes = await readFile(file);
          if (bytes.byteLength <= REPORT_BYTES_MAX) return bytes.toString('utf8');
          this.#logger.warn({ file, bytes: bytes.byteLength }, 'a risk report is too large');
        } catch (error) {
          this.#logger.warn({ err: error, file }, 'a risk report cannot be read');
        }
        return undefined;
      }),
    );
    this.#texts = texts.filter((text) => text !== undefined);
  }

  /** The newest figures of a site; undefined where no report is of it. */
  of(plan: SitePlan): AuditFigures | undefined {
    return this.#texts
      .flatMap((text) => {
        try {
          return [auditFiguresOf(text, plan)];
        } catch (error) {
          this.#logger.debug({ err: error, site: plan.site }, 'a risk report is not of this site');
          return [];
        }
      })
      .sort((a, b) => (a.measuredOn < b.measuredOn ? -1 : 1))
      .at(-1);
  }
}
