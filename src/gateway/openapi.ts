/** The description of the routes, made from the routes. */
import { z } from 'zod'
import type { Route } from './route.ts'

const problem = {
  description: 'a problem document (RFC 9457) with a stable `code`',
  content: { 'application/problem+json': { schema: { type: 'object' } } },
}

/** An OpenAPI 3.1 document. */
export function describeRoutes(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { method, path, summary, input, status } of routes) {
    const names = [...path.matchAll(/:([a-z]+)/g)].map(([, name = '']) => name)
    const inPath = names.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
    const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
    const query = Object.entries(method === 'get' ? (schema.properties ?? {}) : {}).map(([name, shape]) => ({
      name,
      in: 'query',
      schema: shape,
    }))
    const at = path.replaceAll(/:([a-z]+)/g, '{$1}')
    paths[at] = {
      ...paths[at],
      [method]: {
        summary,
        parameters: [...inPath, ...query],
        ...(method === 'post' ? { requestBody: { content: { 'application/json': { schema } } } } : {}),
        responses: { [status]: { description: summary }, default: problem },
        security: [{ bearer: [] }],
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Muster', version: '0.1.0' },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  }
}
