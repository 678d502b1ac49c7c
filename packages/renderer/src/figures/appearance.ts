import type { Material } from '../mesh.js';
import { clothTexture, faceTexture, garmentTexture, type Pattern } from './cloth.js';
import { fromHsv, material, speckled, type Colour } from './paint.js';
import { Random } from './random.js';

export type PersonKind = 'walker' | 'pushchair' | 'wheelchair' | 'bicycle';
export type TopKind = 'shirt' | 'tee' | 'jumper' | 'jacket' | 'suit' | 'coat' | 'hoodie' | 'puffer';
export type BottomKind = 'trousers' | 'jeans' | 'leggings' | 'shorts' | 'skirt' | 'longskirt';
export type HairKind = 'bald' | 'short' | 'bob' | 'long' | 'tail' | 'bun' | 'afro';
export type Headwear = 'none' | 'cap' | 'beanie' | 'hat' | 'hood' | 'scarf';
export type Bag = 'backpack' | 'shoulder' | 'handbag' | 'briefcase' | 'suitcase' | 'shopping';

/** What a person looks like, whatever the person does: decided by seed and id alone. */
export interface Appearance {
  readonly kind: PersonKind;
  readonly statureM: number;
  readonly child: boolean;
  /** 0 slim to 1 heavy. */
  readonly heavy: number;
  /** 0 narrow hips and wide shoulders to 1 the reverse. */
  readonly curved: number;
  readonly top: TopKind;
  readonly bottom: BottomKind;
  readonly hair: HairKind;
  readonly headwear: Headwear;
  readonly bag: Bag | undefined;
  readonly umbrella: boolean;
  readonly scarf: boolean;
  readonly busyLeft: boolean;
  readonly looseM: number;
  readonly sleeves: 'long' | 'short';
  /** Cycles by which the gait starts off. */
  readonly phase: number;
  readonly habit: number;
  readonly materials: Readonly<Record<Part, Material>>;
}

export type Part =
  | 'torso'
  | 'sleeve'
  | 'bottom'
  | 'skin'
  | 'face'
  | 'hair'
  | 'hat'
  | 'shoe'
  | 'bag'
  | 'frame'
  | 'extra';

const SKINS: readonly (readonly [Colour, number])[] = [
  [[0.93, 0.77, 0.68], 3],
  [[0.87, 0.69, 0.57], 5],
  [[0.8, 0.61, 0.48], 4],
  [[0.66, 0.47, 0.35], 2],
  [[0.47, 0.32, 0.24], 2],
  [[0.31, 0.21, 0.16], 1.4],
];

const HAIRS: readonly (readonly [Colour, number])[] = [
  [[0.07, 0.06, 0.06], 6],
  [[0.16, 0.11, 0.08], 4],
  [[0.29, 0.19, 0.12], 3],
  [[0.5, 0.37, 0.22], 1.6],
  [[0.75, 0.62, 0.42], 1],
  [[0.42, 0.17, 0.1], 0.6],
  [[0.5, 0.49, 0.48], 1.2],
  [[0.82, 0.81, 0.79], 0.7],
];

/** Cloth colours as one meets them: mostly dark and grey, few that are loud. */
export function clothColour(random: Random, dark = 0.5): Colour {
  const kind = random.next();
  const shade = (base: Colour, spread: number): Colour => {
    const k = 1 + spread * random.normal();
    return [
      base[0] * k + 0.015 * random.normal(),
      base[1] * k + 0.015 * random.normal(),
      base[2] * k + 0.015 * random.normal(),
    ];
  };
  if (kind < dark * 0.56) return shade([0.11, 0.11, 0.12], 0.3);
  if (kind < dark * 0.9) return shade([0.15, 0.18, 0.27], 0.25);
  if (kind < dark * 1.2) return shade([0.3, 0.3, 0.32], 0.3);
  return random.weighted<() => Colour>([
    [() => shade([0.55, 0.55, 0.56], 0.2), 2],
    [() => shade([0.86, 0.86, 0.85], 0.08), 2.2],
    [() => shade([0.68, 0.6, 0.48], 0.15), 1.6],
    [() => shade([0.38, 0.29, 0.21], 0.25), 1.5],
    [() => shade([0.33, 0.36, 0.25], 0.2), 1.2],
    [() => shade([0.47, 0.13, 0.15], 0.25), 1.1],
    [() => shade([0.25, 0.38, 0.58], 0.25), 1.3],
    [() => fromHsv(random.next(), random.between(0.45, 0.9), random.between(0.45, 0.95)), 1.6],
    [() => fromHsv(random.next(), random.between(0.12, 0.35), random.between(0.7, 0.95)), 1.2],
  ])();
}

/** Who is smaller is a child, metres. */
export const CHILD_BELOW_M = 1.42;

export interface AppearanceHints {
  readonly kind?: PersonKind;
  readonly statureM?: number;
}

export function appearanceOf(
  seed: number,
  person: number,
  hints: AppearanceHints = {},
): Appearance {
  const random = new Random(seed, person, 0x51);
  const kind = hints.kind ?? 'walker';
  const child = hints.statureM === undefined ? random.chance(0.07) : hints.statureM < CHILD_BELOW_M;
  const curved = Math.min(
    1,
    Math.max(0, (random.chance(0.5) ? 0.2 : 0.78) + 0.16 * random.normal()),
  );
  const statureM =
    hints.statureM ??
    (child ? random.between(0.98, CHILD_BELOW_M) : 1.765 - 0.13 * curved + 0.062 * random.normal());
  const heavy = Math.min(1, Math.max(0, 0.33 + 0.24 * random.normal()));
  const warm = random.next();
  const feminine = curved > 0.5;
  const top = random.weighted<TopKind>([
    ['shirt', 0.6 + 1.6 * warm],
    ['tee', 0.3 + 2.6 * warm],
    ['jumper', 1.3],
    ['jacket', 3.2 - 1.6 * warm],
    ['suit', child ? 0 : 1.3],
    ['coat', (child ? 0.6 : 2.2) * (1.1 - warm)],
    ['hoodie', 1.5],
    ['puffer', 1.6 * (1 - warm)],
  ]);
  const bottom = random.weighted<BottomKind>([
    ['trousers', 3],
    ['jeans', 3.4],
    ['leggings', feminine ? 1.6 : 0.2],
    ['shorts', top === 'suit' || top === 'coat' ? 0 : 0.15 + 1.5 * warm * warm],
    ['skirt', feminine && top !== 'puffer' ? 1.3 : 0],
    ['longskirt', feminine ? 0.7 : 0.03],
  ]);
  const hair = random.weighted<HairKind>(
    feminine
      ? [
          ['short', 0.7],
          ['bob', 2],
          ['long', 3],
          ['tail', 1.6],
          ['bun', 1],
          ['afro', 0.3],
        ]
      : [
          ['short', 5],
          ['bald', 0.9],
          ['bob', 0.5],
          ['long', 0.3],
          ['afro', 0.3],
        ],
  );
  const headwear = random.weighted<Headwear>([
    ['none', 7.5],
    ['cap', 0.8],
    ['beanie', 0.7 * (1.2 - warm)],
    ['hat', 0.4],
    ['hood', top === 'hoodie' || top === 'puffer' ? 1.2 : 0.1],
    ['scarf', feminine ? 0.4 : 0],
  ]);
  const bag = random.weighted<Bag | undefined>([
    [undefined, 4],
    ['backpack', 2],
    ['shoulder', 1.7],
    ['handbag', feminine ? 1.4 : 0.2],
    ['briefcase', top === 'suit' || top === 'coat' ? 1 : 0.1],
    ['suitcase', child ? 0 : 0.7],
    ['shopping', 0.9],
  ]);
  const base: Omit<Appearance, 'materials'> = {
    kind,
    statureM,
    child,
    heavy,
    curved,
    top,
    bottom,
    hair,
    headwear,
    bag,
    umbrella: random.chance(0.03),
    scarf: random.chance(0.12 * (1.5 - warm)),
    busyLeft: random.chance(0.4),
    looseM: random.between(0, 0.02),
    sleeves: top === 'tee' || (top === 'shirt' && random.chance(0.25)) ? 'short' : 'long',
    phase: random.next(),
    habit: random.next(),
  };
  return { ...base, materials: wardrobe(base, random, seed, person) };
}

function wardrobe(
  who: Omit<Appearance, 'materials'>,
  random: Random,
  seed: number,
  person: number,
): Readonly<Record<Part, Material>> {
  const tone = random.weighted(SKINS);
  const jitter = 0.06 * random.normal();
  const skin: Colour = [tone[0] * (1 + jitter), tone[1] * (1 + jitter), tone[2] * (1 + jitter)];
  const hairColour = random.chance(0.03)
    ? fromHsv(random.next(), 0.6, 0.6)
    : random.weighted(HAIRS);
  const formal = who.top === 'suit';
  const topColour = clothColour(random, formal ? 0.75 : who.top === 'tee' ? 0.3 : 0.5);
  const under = random.chance(0.6) ? ([0.86, 0.87, 0.88] as Colour) : clothColour(random, 0.25);
  const bottomColour: Colour =
    formal && random.chance(0.85)
      ? topColour
      : who.bottom === 'jeans'
        ? random.weighted<Colour>([
            [[0.2, 0.27, 0.4], 3],
            [[0.13, 0.16, 0.25], 3],
            [[0.36, 0.47, 0.62], 2],
            [[0.14, 0.14, 0.15], 1.5],
          ])
        : clothColour(random, 0.6);
  const pattern = random.weighted<Pattern>(
    formal || who.top === 'coat'
      ? [
          ['plain', 6],
          ['pinstripe', 1],
          ['check', 0.7],
          ['heather', 2],
        ]
      : who.top === 'puffer'
        ? [['quilt', 1]]
        : [
            ['plain', 5],
            ['heather', 2],
            ['stripes', 1],
            ['check', who.top === 'shirt' ? 1.6 : 0.3],
            ['print', who.top === 'tee' || who.top === 'hoodie' ? 2 : 0.2],
            ['block', 1.1],
            ['flowers', who.curved > 0.5 ? 0.6 : 0.1],
          ],
  );
  const second = clothColour(random, 0.3);
  const skirted = who.bottom === 'skirt' || who.bottom === 'longskirt';
  const dress = skirted && !formal && random.chance(0.4);
  const lower = dress ? topColour : bottomColour;
  const extra = clothColour(random, 0.25);
  const opening = random.next();
  const jacketlike = ['jacket', 'suit', 'coat', 'hoodie', 'puffer'].includes(who.top);
  return painted(seed, person, {
    torso: (random) =>
      material(
        garmentTexture(random, {
          colour: topColour,
          second,
          pattern,
          under,
          skin,
          open: jacketlike
            ? opening < 0.4
              ? 0.05 + opening * 0.25
              : opening < 0.7
                ? 0.008
                : 0
            : 0,
          vNeck: formal ? 0.4 : jacketlike ? 0.15 * opening : who.top === 'shirt' ? 0.05 : 0,
          tie: formal && random.chance(0.6) ? clothColour(random, 0.3) : undefined,
          belt: who.top === 'coat' && opening > 0.6,
        }),
        who.top === 'puffer' ? 0.25 : 0.04,
      ),
    sleeve: (random) =>
      material(
        clothTexture(random, {
          colour: pattern === 'block' && random.chance(0.5) ? second : topColour,
          second,
          pattern: pattern === 'print' || pattern === 'block' ? 'plain' : pattern,
        }),
        who.top === 'puffer' ? 0.25 : 0.04,
      ),
    bottom: (random) =>
      material(
        clothTexture(random, {
          colour: lower,
          shadedFrom: !skirted,
          second,
          pattern: dress
            ? pattern
            : skirted
              ? random.weighted<Pattern>([
                  ['plain', 3],
                  ['pleats', 2],
                  ['check', 1],
                  ['flowers', 0.7],
                ])
              : who.bottom === 'jeans'
                ? 'denim'
                : 'plain',
        }),
        0.02,
      ),
    skin: (random) => material(speckled(skin, 0.04, random.next()), 0.12),
    face: (random) =>
      material(
        faceTexture(random, skin, hairColour, random.chance(0.12), random.chance(0.2)),
        0.12,
      ),
    hair: (random) => material(speckled(hairColour, 0.22, random.next()), 0.25),
    hat: (random) => material(speckled(clothColour(random, 0.5), 0.1, random.next()), 0.03),
    shoe: (random) =>
      material(
        speckled(
          random.chance(0.22) ? [0.82, 0.82, 0.82] : clothColour(random, 0.75),
          0.12,
          random.next(),
        ),
        0.2,
      ),
    bag: (random) =>
      material(
        clothTexture(random, { colour: clothColour(random, 0.45), second, pattern: 'block' }),
        0.12,
      ),
    frame: (random) => material(speckled(clothColour(random, 0.5), 0.1, random.next()), 0.4),
    extra: (random) =>
      material(clothTexture(random, { colour: extra, second, pattern: 'plain' }), 0.08),
  });
}

/** Materials that are painted when they are first asked for: few people show all of them. */
function painted(
  seed: number,
  person: number,
  makers: Readonly<Record<Part, (random: Random) => Material>>,
): Readonly<Record<Part, Material>> {
  const done = {};
  for (const [i, [part, make]] of Object.entries(makers).entries()) {
    let kept: Material | undefined;
    Object.defineProperty(done, part, {
      enumerable: true,
      get: () => (kept ??= make(new Random(seed, person, 0x3a, i))),
    });
  }
  return done as Record<Part, Material>;
}
