export * from "../solvers/index.js";
