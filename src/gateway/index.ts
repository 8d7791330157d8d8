/** The door of the gateway. */
export { type Gateway, type GatewayOptions, startGateway } from './gateway.ts'
