/** The door of the nodes: where work can be, and running it there. */
export { type Job, type LocalNode, type LocalNodeOptions, openLocalNode } from './local-node.ts'
export type { Device, NodeView } from './node.ts'
