/** Gives the browser a file to keep. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the address by then; keeping it would keep the file in memory.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** UTF-8 with a byte order mark: spreadsheets on Windows read Japanese wrongly without one. */
export function saveCsv(name: string, text: string): void {
  save(name, new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }));
}

/** A `data:` URL in base64, as a chart gives its picture. */
export function savePng(name: string, dataUrl: string): void {
  const base64 = dataUrl.slice(dataUrl.indexOf(',') + 1);
  if (base64 === '') return;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  save(name, new Blob([bytes], { type: 'image/png' }));
}
