import type { Command } from 'commander';

const ADDRESS = '<address>';

/**
 * Reads the options of a command that are addresses as the services do. Their code takes most of a second to load, which
 * commands without an address need not wait for.
 */
export async function readAddresses(command: Command): Promise<void> {
  const options = command.options.filter(({ flags }) => flags.endsWith(ADDRESS));
  if (options.length === 0) return;
  const { address } = await import('@hitonami/service');
  for (const option of options) {
    const name = option.attributeName();
    const text = command.getOptionValue(name) as string | undefined;
    if (text === undefined) continue;
    const read = address().safeParse(text);
    if (!read.success) {
      const words = read.error.issues[0]?.message ?? 'not an address';
      // In the words in which commander refuses an option.
      command.error(`error: option '${option.flags}' argument '${text}' is invalid. ${words}`);
    }
    command.setOptionValue(name, read.data);
  }
}
