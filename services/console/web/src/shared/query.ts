import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.js';

const RETRIES_MAX = 2;

/** One cache for the application. What the server refuses is not asked again; what did not arrive is. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < RETRIES_MAX &&
        (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
});
