/** The door of the nodes: where work can be, and running it there. */
export type { BlockState, BlockView, Device, NodeView } from './node.ts'
