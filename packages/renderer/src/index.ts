export type { Box, Figure, Light, Material, Mesh, PersonTruth, Texture, Vec3 } from './mesh.js';
