import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Problem, Still } from '../../../../src/contract/index.js';
import { useSession } from '../../app/session.js';
import { ApiError, get, send, url } from '../../shared/api.js';

const stillsKey = (site: string) => ['stills', site] as const;

/** Pictures change once in months. */
const STALE_MS = 300_000;

export function useStills(site: string) {
  return useQuery({
    queryKey: stillsKey(site),
    queryFn: () => get<Still[]>(`/sites/${site}/stills`),
    staleTime: STALE_MS,
  });
}

export const stillUrl = (site: string, { camera, digest }: Still): string =>
  url(`/sites/${site}/cameras/${camera}/still`, { digest });

export interface Bringing {
  readonly camera: string;
  readonly file: File;
  readonly keepDays: number;
}

/** Brings a picture in which nobody is. The name of its file stays here. */
export function useBring(site: string) {
  const cache = useQueryClient();
  const { data: session } = useSession();
  return useMutation({
    mutationFn: async ({ camera, file, keepDays }: Bringing) => {
      const answer = await fetch(
        url(`/sites/${site}/cameras/${camera}/still`, { nobody: 'yes', keepDays }),
        {
          method: 'PUT',
          headers: { 'content-type': file.type, 'x-csrf-token': session?.csrfToken ?? '' },
          body: await file.arrayBuffer(),
        },
      ).catch((error: unknown) => {
        throw new ApiError(0, 'offline', String(error));
      });
      if (answer.ok) return;
      const said = (await answer.json().catch(() => ({}))) as Partial<Problem>;
      const message = said.message ?? answer.statusText;
      throw new ApiError(answer.status, said.error ?? 'unknown', message, said.issues);
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: stillsKey(site) }),
  });
}

export function useRemove(site: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (camera: string) => send('DELETE', `/sites/${site}/cameras/${camera}/still`),
    onSuccess: () => cache.invalidateQueries({ queryKey: stillsKey(site) }),
  });
}
