import { Body } from '../http/bodies.js';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** CKAN's envelope around a result that is JSON already. */
export function envelope(url: string, action: string, resultJson: string): Body {
  return new Body(
    `{"help":${helpOf(url, action)},"success":true,"result":${resultJson}}`,
    JSON_TYPE,
  );
}

/** What CKAN says instead of a result. */
export class CkanFault extends Error {
  readonly status: 400 | 404 | 409;
  readonly error: Readonly<Record<string, unknown>>;

  constructor(status: 400 | 404 | 409, error: Readonly<Record<string, unknown>>) {
    super(JSON.stringify(error));
    this.status = status;
    this.error = error;
  }
}

export function notFound(what = 'Not found'): CkanFault {
  return new CkanFault(404, { message: what, __type: 'Not Found Error' });
}

export function invalid(field: string, problem: string): CkanFault {
  return new CkanFault(409, { [field]: [problem], __type: 'Validation Error' });
}

export function badSearch(problem: string): CkanFault {
  return new CkanFault(400, {
    message: `Search Query is invalid: ${problem}`,
    __type: 'Search Query Error',
  });
}

export function faultText(url: string, action: string, { error }: CkanFault): string {
  return `{"help":${helpOf(url, action)},"success":false,"error":${JSON.stringify(error)}}`;
}

function helpOf(url: string, action: string): string {
  return JSON.stringify(`${url}/api/3/action/help_show?name=${encodeURIComponent(action)}`);
}
