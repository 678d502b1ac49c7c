import { createRequire } from 'node:module';
import { Command } from 'commander';
import { withModels } from './models/command.js';
import { readAddresses } from './program/addresses.js';
import { print } from './program/common.js';
import { withPlans } from './program/plans.js';
import { withRecordings } from './program/recordings.js';
import { withRunning } from './program/running.js';
import { withStores } from './program/stores.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The command line of `hitonami`. Each command is loaded where it is wanted: all of them take a second longer to load. */
export function program(): Command {
  const hitonami = new Command('hitonami')
    .description(
      'Crowd flow of stations and public space: people become anonymous positions, and the picture is gone.',
    )
    .version(version)
    .showHelpAfterError()
    .addHelpText(
      'after',
      `
How it goes:
  hitonami demo                          see it work: a simulated station in the console, and in this terminal
  hitonami check site.json               is my site plan right? each fault with its place and its mend
  hitonami calibrate points.json         where the picture's points lie on the floor, and how surely
  hitonami replay clip.mp4 --plan site.json
                                         run a recording through everything, and see what it counts
  hitonami evaluate --scenario rush-hour how right the numbers are, where the truth is known
  hitonami up site.json                  run a site on this machine; cameras send frames to its gRPC address
  hitonami sql --purpose crowd-safety "SELECT * FROM area_measures_read ORDER BY start DESC LIMIT 5"
                                         ask the warehouse of what runs
  hitonami audit                         how far people can be followed by what is stored, and what could be changed
  hitonami release                       what the plan publishes, under disclosure control, for what is over
  hitonami stored                        is anything there that is older than it may be?
  hitonami run ingestor                  one service alone, from HITONAMI_* variables, as in deploy/compose.yaml`,
    );

  hitonami.hook('preAction', (_, command) => readAddresses(command));
  hitonami.commandsGroup('To run:');
  withRunning(hitonami, process.env);
  hitonami.commandsGroup('With recordings:');
  withRecordings(hitonami);
  hitonami.commandsGroup('With a plan:');
  withPlans(hitonami, process.env);
  hitonami.commandsGroup('With what is stored:');
  withStores(hitonami, process.env);
  hitonami.commandsGroup('Besides:');
  withModels(hitonami, print);
  hitonami.helpCommand('help [command]', 'what a command takes');
  return hitonami;
}
