export { Camera, type Projected } from './camera/camera.js';
export type { Box, Figure, Light, Material, Mesh, PersonTruth, Texture, Vec3 } from './mesh.js';
export { type Exposure, type Scene, View } from './raster/view.js';
export { Darkroom } from './picture/develop.js';
export { toJpeg } from './picture/jpeg.js';
export { SENSOR, type Sensor } from './picture/sensor.js';
export { type Film, type FilmFrame, type FilmOptions, startFilm } from './film/film.js';
export { FILM_LIMITS, type FilmLimits } from './film/limits.js';
export {
  type FilmCamera,
  type FilmMoment,
  type FilmSet,
  type RawFrame,
  Studio,
} from './film/studio.js';
