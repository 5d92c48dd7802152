export { expm1Rows, expRows } from "./elementary";
export { scoreLine, scoreLineRows, scorePlane, scorePlaneRows } from "./mixture";
export { normals } from "./noise";
export { addPulls, squaredDistances } from "./space";
