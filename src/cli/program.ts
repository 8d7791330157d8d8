/** The words of the command line: commands, options, help with an example for each. What they do lies in `commands/`. */
import { Command, InvalidArgumentError } from 'commander'
import type { Cli } from './cli.ts'
import type { Report } from './report.ts'

/** The work of a command, once its words are read. */
export type Work = (cli: Cli) => Promise<Report>

const exitCodes = `
Exit codes: 0 done, 1 failed or denied, 2 bad input or usage, 3 waiting for a person.`

/** The command line; `act` gets the work that was asked for. */
export function createProgram(version: string, act: (work: Work) => void): Command {
  const program = new Command('muster')
    .description('Declare a goal; Muster plans it, hires agents, keeps every step inside policy and can say why.')
    .version(version)
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--data <dir>', 'folder of the embedded store (default: what the configuration says, or .muster)')
    .option('--config <file>', 'configuration (default: muster.config.ts, .js or .mjs in this folder)')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', exitCodes)

  const command = (parent: Command, words: string, description: string, example: string) =>
    parent.command(words).description(description).addHelpText('after', `\nExample:\n  $ muster ${example}`)

  command(
    program,
    'run <goal>',
    'pursue a goal from a JSON file, or said in words, or go on with a run by its id; shown live on a terminal',
    'run "Where is my refund?" --as c-1001',
  )
    .option('--as <person>', 'who declares it, by their id in the configuration (default: operator)')
    .option('--answer <choice>', 'answer what the run asks, by the id of a choice')
    .action((goal: string, options: { as?: string; answer?: string }) =>
      act(async cli => (await import('./commands/run.ts')).runGoal(cli, goal, options)),
    )

  command(
    program,
    'plan <goal>',
    'say what a goal would lead to: steps, who, where, cost, time, risk; nothing is done',
    'plan goal.json',
  )
    .option('--as <person>', 'who would declare it (default: operator)')
    .option('--explain', 'also say why these steps, and what would have to be true for a better plan')
    .option('--picture <file>', 'draw the plan into a file: .svg, or .mmd for Mermaid')
    .action((goal: string, options: { as?: string; explain?: boolean; picture?: string }) =>
      act(async cli => (await import('./commands/plan.ts')).planGoal(cli, goal, options)),
    )

  command(program, 'serve', 'serve HTTP and WebSocket until told to end', 'serve --port 8080')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 7420)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .action((options: { port: number; host: string }) =>
      act(async cli => (await import('./commands/serve.ts')).serve(cli, options)),
    )

  command(program, 'runs', 'list the newest runs', 'runs --limit 10 --data .muster')
    .option('--limit <number>', 'how many, at most', wholeNumber(1, 1000), 50)
    .action((options: { limit: number }) =>
      act(async cli => (await import('./commands/runs.ts')).showRuns(cli, options)),
    )

  command(
    program,
    'why <run> [step]',
    'explain a run or one step: candidates, scores, rules, people',
    'why run-01jd0000000000000000000000 s3',
  ).action((run: string, step: string | undefined) =>
    act(async cli => (await import('./commands/runs.ts')).explain(cli, run, step)),
  )

  addApprovals(command(program, 'approvals', 'list what waits for people, or answer it', 'approvals'), command, act)

  command(program, 'agents', 'list the agents and what they offer', 'agents --json').action(() =>
    act(async cli => (await import('./commands/agents.ts')).showAgents(cli)),
  )
  command(program, 'nodes', 'show the nodes: devices, what they lend, how busy they are', 'nodes').action(() =>
    act(async cli => (await import('./commands/agents.ts')).showNodes(cli)),
  )

  const audit = command(program, 'audit', 'check what is kept', 'audit verify --data .muster')
  command(
    audit,
    'verify [run]',
    'check the whole store or one run, offline; needs no configuration',
    'audit verify --data .muster',
  ).action((run: string | undefined) => act(async cli => (await import('./commands/audit.ts')).verifyStore(cli, run)))

  command(program, 'doctor', 'say what this machine has, and what to do about what it lacks', 'doctor').action(() =>
    act(async cli => (await import('./commands/doctor.ts')).examine(cli)),
  )
  return program
}

interface DecideWords {
  readonly as: string
  readonly reason: string
  readonly edits?: string
  readonly wait: boolean
}

function addApprovals(
  approvals: Command,
  command: (parent: Command, words: string, description: string, example: string) => Command,
  act: (work: Work) => void,
): void {
  approvals
    .option('--closed', 'list those that are closed')
    .action((options: { closed?: boolean }) =>
      act(async cli =>
        (await import('./commands/approvals.ts')).showApprovals(cli, { closed: options.closed ?? false }),
      ),
    )
  for (const choice of ['approve', 'reject', 'edit'] as const) {
    const edits = choice === 'edit' ? ` --edits '{"order": {"amount": 90}}'` : ''
    const answer = command(
      approvals,
      `${choice} <id>`,
      `${choice} what is asked, exactly as it is shown, and carry the run on`,
      `approvals ${choice} approval-01jd0000000000000000000000 --as maria --reason "checked the order"${edits}`,
    )
      .requiredOption('--as <person>', 'who answers, by their id in the configuration')
      .requiredOption('--reason <words>', 'why; kept in the journal')
      .option('--no-wait', 'only record the answer, and do not work on the run')
    if (choice === 'edit') answer.requiredOption('--edits <json>', 'new values of inputs, by input')
    answer.action((id: string, options: DecideWords) =>
      act(async cli => (await import('./commands/approvals.ts')).decideHere(cli, choice, id, options)),
    )
  }
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`write a whole number from ${least} to ${most}`)
  }
}
