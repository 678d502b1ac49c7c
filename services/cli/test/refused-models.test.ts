import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addModel } from '../src/commands/models.js';
import { ModelRegistry } from '../src/models/registry.js';

describe('a model that says that it finds what is refused by name', () => {
  const add = (file: string, name?: string) =>
    addModel(
      new ModelRegistry(join(tmpdir(), 'none')),
      file,
      name ? { name } : {},
      () => undefined,
    );

  it.each([
    ['yolov8n-face.onnx', undefined, /no feature of a face, a gait or a body.*顔・歩き方/],
    ['age_gender.onnx', undefined, /age, gender or origin/],
    ['m.onnx', 'person-re-id', /nobody can be searched for/],
    ['m.onnx', 'staff_detection', /staff are not told apart/],
  ])('is not taken: %s %s', async (file, name, why) => {
    await expect(add(file, name)).rejects.toMatchObject({
      code: 'MODEL',
      message: expect.stringMatching(why),
    });
  });
});
