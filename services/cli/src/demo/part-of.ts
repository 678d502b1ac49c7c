import type { Scenario } from '@hitonami/simulator';

/**
 * A scenario with a share of its people, at the same places and times: what one machine can draw beside everything else.
 * @param share more than 0, up to 1
 */
export function partOf(scenario: Scenario, share: number): Scenario {
  const { demand } = scenario;
  return {
    ...scenario,
    demand: {
      ...demand,
      streams: demand.streams.map((stream) => ({
        ...stream,
        ratePerMin: stream.ratePerMin.map(([timeS, perMin]) => [timeS, perMin * share] as const),
      })),
      crowds: demand.crowds.map((crowd) => ({
        ...crowd,
        people: Math.round(crowd.people * share),
      })),
    },
  };
}
