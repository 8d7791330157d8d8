/** The door of the pictures: a plan as an SVG drawing. */
export { drawSvg, type StepNote } from './svg.ts'
