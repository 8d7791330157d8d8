/** Schemas at the border: anything that follows Standard Schema (zod, valibot, arktype …) is accepted. */
import { MusterError } from './error.ts'

/** The part of Standard Schema v1 that Muster uses; every schema library that follows it fits as it is. */
export interface Schema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
    readonly jsonSchema?:
      | { readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown> }
      | undefined
  }
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What is wrong with a value, one line an issue, each with its place. */
export interface Invalid {
  readonly issues: readonly string[]
}

/** Checks `value`: the parsed value, or every issue with its place. Never throws for a bad value. */
export async function check<T>(schema: Schema<T>, value: unknown): Promise<{ readonly value: T } | Invalid> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return { value: result.value }
  return {
    issues: result.issues.map(issue => {
      const path = (issue.path ?? []).map(part => String(typeof part === 'object' ? part.key : part)).join('.')
      return path === '' ? issue.message : `${path}: ${issue.message}`
    }),
  }
}

/** The parsed value; throws `bad-input` naming `what` and every issue otherwise. */
export async function parse<T>(schema: Schema<T>, value: unknown, what: string): Promise<T> {
  const result = await check(schema, value)
  if ('value' in result) return result.value
  throw new MusterError('bad-input', `${what} is not valid: ${result.issues.join('; ')}`, {
    hint: 'correct the named fields and send it again',
  })
}

/** The JSON Schema (draft 2020-12) of what `schema` accepts, when its library can give one. */
export function jsonSchema(schema: Schema): Record<string, unknown> | undefined {
  return schema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' })
}
