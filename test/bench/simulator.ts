import { scenario, startScenario } from '@hitonami/simulator';
import { cpuSecondsSince, median, type BenchOptions, type Figure } from './measure.js';

/** How fast the simulated crowd runs on one core at about 300 people. */
export async function simulator({ quick, say }: BenchOptions): Promise<Figure[]> {
  say(
    'simulator: rush hour and an overcrowded platform, seconds simulated in a second of CPU time',
  );
  const seconds = quick ? 5 : 15;
  const rates = ['rush-hour', 'platform-overcrowding'].map((name) => {
    const run = startScenario(scenario(name), 1);
    while (run.people().length < 250 && run.timeS < 120) run.step(1);
    const start = process.cpuUsage();
    run.step(seconds);
    return { people: run.people().length, rate: seconds / cpuSecondsSince(start) };
  });
  return [
    {
      key: 'simulator_seconds_per_cpu_s',
      value: median(rates.map(({ rate }) => rate)),
      unit: '',
      goal: 5,
      what: `simulated seconds in a second of CPU time, with ${rates.map(({ people }) => people).join(' and ')} people`,
    },
  ];
}
