/** Errors as they go out: RFC 9457 problem documents, and the shape that OpenAI clients read. */
import type { Logger } from 'pino'
import { type ErrorCode, errorTable, MusterError } from '../core/index.ts'

/** A problem document. A caller decides by `code` and `status`; words may change. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  readonly hint?: string
}

/** Describes anything that was thrown. What is not a caller's business is logged and not told. */
export function describeProblem(thrown: unknown, log: Logger): ProblemDocument {
  if (thrown instanceof MusterError && thrown.code !== 'internal') {
    const { code, message, hint } = thrown
    if (code !== 'closed' && errorTable[code].status >= 500) log.warn({ code, cause: thrown.cause }, message)
    return document(code, message, hint)
  }
  log.error({ err: thrown }, 'a request failed')
  return document('internal', 'something went wrong here, and it was logged', 'try again later, or tell the operator')
}

/** The response that carries a problem document. */
export function problemResponse(problem: ProblemDocument): Response {
  return Response.json(problem, { status: problem.status, headers: headersOf(problem, 'application/problem+json') })
}

/** The response that carries a problem in the shape of OpenAI's API. */
export function openaiResponse(problem: ProblemDocument): Response {
  const { status } = problem
  const headers = {
    ...headersOf(problem, 'application/json'),
    // Their clients repeat a request after most errors; here that could declare a goal twice.
    'x-should-retry': String(errorTable[problem.code].retry === 'later'),
  }
  return Response.json(openaiError(problem), { status, headers })
}

/** The body of an error in the shape of OpenAI's API. */
export function openaiError({ code, status, detail, hint }: ProblemDocument): object {
  const type = status < 500 ? 'invalid_request_error' : 'server_error'
  return { error: { message: hint === undefined ? detail : `${detail}: ${hint}`, type, param: null, code } }
}

/** The headers that belong to a problem. */
export function headersOf({ code }: ProblemDocument, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    ...(code === 'unauthenticated' ? { 'www-authenticate': 'Bearer realm="muster"' } : {}),
    ...(code === 'too-many-requests' ? { 'retry-after': '1' } : {}),
  }
}

function document(code: ErrorCode, detail: string, hint: string | undefined): ProblemDocument {
  const { status } = errorTable[code]
  const title = code.replaceAll('-', ' ')
  return {
    type: `urn:muster:problem:${code}`,
    title,
    status,
    code,
    detail,
    ...(hint === undefined ? {} : { hint }),
  }
}
