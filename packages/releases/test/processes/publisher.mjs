// Publishes a release of many steps, slowly enough to be killed; says each step, what it had kept, and how it ended.
import { openPublicFolder } from '@hitonami/releases';

const { folder, draft, steps, pauseMs, cells } = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(`${line}\n`);
const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));

const writer = await openPublicFolder(folder).begin(draft);
const kept = await writer.kept('noise');
say(`kept ${kept === undefined ? 'nothing' : Buffer.from(kept).toString()}`);
if (kept === undefined) await writer.keep('noise', Buffer.from(`by ${process.pid}`));
try {
  for (let step = 0; step < steps; step++) {
    await writer.write(
      cells.map((cell) => ({
        ...cell,
        key: { ...cell.key, startMs: cell.key.startMs + step * cell.key.lengthMs },
      })),
    );
    say(`step ${step}`);
    if (pauseMs > 0) await pause();
  }
  const { version } = await writer.finish({ isCountOfProtectedTold: true });
  say(`finished ${version}`);
} catch (error) {
  say(`refused ${error.code} ${error.canRetry} ${error.detail} ${error.message}`);
  await writer.leave();
}
