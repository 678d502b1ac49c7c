/** A stream's address without its user and password, for logs and errors. */
export function hideCredentials(source: string): string {
  return source.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1***@');
}

/** A text in which a source's address may occur, made fit for a log. */
export function hideCredentialsIn(text: string, source: string): string {
  const credentials = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(source)?.[1];
  const hidden = text.replaceAll(source, hideCredentials(source));
  return credentials === undefined || credentials === ''
    ? hidden
    : hidden.replaceAll(credentials, '***');
}
