export { type Displayable, type DisplayOptions, display } from "./display.js";
export { currentOutput, type Output, terminalOutput } from "./output.js";
