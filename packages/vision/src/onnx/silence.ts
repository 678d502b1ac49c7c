/**
 * The runtime's builds for Linux and macOS send to their maker what process loads which model on which machine, with an
 * id that they keep on the disk (1.30.0 was seen to). Nothing that sees pictures calls home: this is
 * read when the runtime is loaded, so it has to be said before.
 */
// eslint-disable-next-line no-restricted-properties -- it is told to the library, not read
process.env['ORT_DISABLE_TELEMETRY'] = '1';
