import type { createGrpcClient, StillAnswer } from '@hitonami/service';
import { ProblemError } from '../http/problem.js';
import { refusal } from './refusal.js';

/** An ingestor that has not looked at a picture after this is away, ms. */
const ANSWER_MAX_MS = 20_000;

/** What the detector of an ingestor finds in pictures: here nothing is looked at. */
export class EmptinessCheck {
  readonly #ingestor: ReturnType<typeof createGrpcClient<'StillCheck'>> | undefined;

  /** @param ingestor its door for such pictures; undefined where none was named */
  constructor(ingestor: ReturnType<typeof createGrpcClient<'StillCheck'>> | undefined) {
    this.#ingestor = ingestor;
  }

  /** @throws ProblemError 400 where anybody is found in the picture; 503 where nobody can look */
  async requireEmpty(picture: Buffer): Promise<void> {
    const { examined, rejected } = await this.#ask(picture);
    if (rejected?.reason === 'REJECT_REASON_INTERNAL') throw cannotLook(rejected.detail);
    if (rejected !== undefined) throw refusal(`The detector refused it: ${rejected.detail}`);
    const people = examined?.people ?? 0;
    if (people > 0)
      throw new ProblemError(
        400,
        'not-empty',
        `The detector finds ${people === 1 ? 'a person' : `${people} persons`} in the picture, so it is not kept: ` +
          'take it when nobody is there, or paint over what only looks like somebody.',
      );
  }

  #ask(image: Buffer): Promise<StillAnswer> {
    if (this.#ingestor === undefined)
      return Promise.reject(
        cannotLook('no ingestor is named; give the console HITONAMI_INGESTOR_ADDRESS'),
      );
    const stream = this.#ingestor.stream();
    return new Promise<StillAnswer>((resolve, reject) => {
      const timer = setTimeout(() => {
        stream.cancel();
      }, ANSWER_MAX_MS);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        settle();
      };
      stream
        .on('data', (answer: StillAnswer) => {
          end(() => {
            resolve(answer);
          });
        })
        .on('error', (cause) => {
          end(() => {
            reject(cannotLook('the ingestor does not answer', cause));
          });
        })
        .on('end', () => {
          end(() => {
            reject(cannotLook('the ingestor gave no answer'));
          });
        });
      stream.write({ image });
      stream.end();
    });
  }

  close(): void {
    this.#ingestor?.close();
  }
}

function cannotLook(why: string, cause?: unknown): ProblemError {
  const error = new ProblemError(
    503,
    'unavailable',
    `Nobody can look now whether the picture is empty, so it is not kept: ${why}.`,
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}
