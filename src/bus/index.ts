/** The door of the bus. */
export { createLocalBus } from './local.ts'
export type { Bus, BusMessage } from './port.ts'
