const PREFIX = 'hitonami.';

/** What this browser was told to remember; nothing where it keeps no storage (a private window, a kiosk). */
export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Remembers for the next visit; where the browser refuses, the choice holds until the page is left. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Refused storage is no fault of the operator's, and nothing can be done here.
  }
}
