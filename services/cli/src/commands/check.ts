import { SiteGeometry } from '@hitonami/crowd';
import {
  cameraStart,
  formatIssue,
  polygonArea,
  purposeStartDay,
  readPlan,
  type SitePlan,
} from '@hitonami/model';
import { SHIPPED_TALL_PX } from '@hitonami/vision';
import { coverageHeights, type CoverageHeights } from '../coverage-heights.js';
import { coverageIssues, coverageShown } from '../coverage-shown.js';
import { FLAT_FROM, flatShare } from '../flat-share.js';
import { readText } from '../read-text.js';

const NOT_IN_PICTURE =
  'of its coverage is not in its picture, and counts as seen all the same: end the coverage where the picture ends';

/** `hitonami check site.json`: says everything that is wrong with a plan, or what is in it and what may not start yet. @returns the exit code */
export async function check(
  file: string,
  print: (line: string) => void,
  nowMs: number,
): Promise<number> {
  const { plan, issues: faults } = readPlan(await readText(file));
  const issues = plan ? coverageIssues(plan.cameras) : faults;
  if (!plan || issues.length > 0) {
    for (const issue of issues) print(formatIssue(issue));
    print(`${file}: ${issues.length} thing${issues.length === 1 ? '' : 's'} to mend`);
    return 1;
  }
  const geometry = new SiteGeometry(plan);
  print(`${file}: site ${plan.site}, version ${plan.version}, is valid`);
  for (const area of geometry.areas) {
    const seenDm2 = geometry.cameras.reduce((sum, camera) => {
      const at = camera.areas.indexOf(area.index);
      return sum + (at === -1 ? 0 : (camera.sharesDm2[at] ?? 0));
    }, 0);
    const share = ((100 * seenDm2) / area.areaDm2).toFixed(0);
    const size = `${polygonArea(area.polygon).toFixed(1)} m²`;
    print(`  area ${area.plan.id}: ${size}, ${share} % of it seen${flatly(plan, area.plan)}`);
  }
  for (const line of geometry.lines)
    print(`  line ${line.plan.id}: counted by ${line.ownerKind} ${line.ownerId}`);
  for (const purpose of plan.governance.purposes) {
    const day = purposeStartDay(plan, purpose);
    print(`  purpose ${purpose.id}: ${purpose.items.join(', ')}, from ${day} on`);
  }
  for (const camera of plan.cameras) {
    const heights = coverageHeights(camera);
    if (heights) print(`  camera ${camera.id}: ${inWords(heights)}`);
    const unseen = (100 * (1 - (coverageShown(camera)?.shown ?? 1))).toFixed(0);
    if (unseen !== '0') print(`  camera ${camera.id}: ${unseen} % ${NOT_IN_PICTURE}`);
    const { fromMs, because } = cameraStart(plan, camera);
    if (fromMs === undefined || fromMs > nowMs) print(`  not yet: ${because}`);
  }
  return 0;
}

function flatly(plan: SitePlan, area: SitePlan['areas'][number]): string {
  const percent = (100 * flatShare(plan, area)).toFixed(0);
  if (percent === '0') return '';
  return (
    `, ${percent} % from farther than ${FLAT_FROM} times the camera’s height, where four of ten in a crowd are hidden: ` +
    'where people wait, hang a camera nearer'
  );
}

function inWords({ leastPx, mostPx, smallShare }: CoverageHeights): string {
  const heights = `people are ${leastPx.toFixed(0)} to ${mostPx.toFixed(0)} px tall to the shipped detector`;
  if (smallShare === 0) return heights;
  return (
    `${heights}, in ${(100 * smallShare).toFixed(0)} % of its coverage under ${SHIPPED_TALL_PX} px, where it misses ` +
    'every second one and more: end the coverage nearer, or give the far end a camera of its own'
  );
}
