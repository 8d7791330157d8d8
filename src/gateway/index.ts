/** The door of the gateway. */
export { type GatewayOptions, startGateway } from './gateway.ts'
