import type { Desk } from './desk.js';

export async function openApi({ app }: Desk): Promise<string[]> {
  const answer = await app.inject('/api/v1/openapi.json');
  return Object.keys(answer.json<{ paths: object }>().paths);
}
