/** The door of the bus. */
export type { Bus, BusMessage } from './port.ts'
