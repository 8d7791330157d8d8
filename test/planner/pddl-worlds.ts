/** Worlds to plan in: small generators of PDDL texts of the kinds that planners are tried with. */

/** Numbers from a seed, each from 0 to below `below`. */
export function createDice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function shuffled<T>(items: readonly T[], dice: (below: number) => number): readonly T[] {
  return items
    .map(item => ({ item, key: dice(1_000_000) }))
    .toSorted((one, two) => one.key - two.key)
    .map(({ item }) => item)
}

export const blocksDomain = `(define (domain blocks) (:requirements :strips)
(:predicates (clear ?x) (ontable ?x) (handempty) (holding ?x) (on ?x ?y))
(:action pick-up :parameters (?ob) :precondition (and (clear ?ob) (ontable ?ob) (handempty))
  :effect (and (holding ?ob) (not (clear ?ob)) (not (ontable ?ob)) (not (handempty))))
(:action put-down :parameters (?ob) :precondition (holding ?ob)
  :effect (and (clear ?ob) (handempty) (ontable ?ob) (not (holding ?ob))))
(:action stack :parameters (?ob ?underob) :precondition (and (clear ?underob) (holding ?ob))
  :effect (and (handempty) (clear ?ob) (on ?ob ?underob) (not (clear ?underob)) (not (holding ?ob))))
(:action unstack :parameters (?ob ?underob) :precondition (and (on ?ob ?underob) (clear ?ob) (handempty))
  :effect (and (holding ?ob) (clear ?underob) (not (on ?ob ?underob)) (not (clear ?ob)) (not (handempty)))))`

/** A problem of blocks: towers, each from the bottom up, and the goal as facts. */
export function blocksProblem(towers: readonly (readonly string[])[], goal: readonly string[]): string {
  return `(define (problem p) (:domain blocks) (:objects ${towers.flat().join(' ')})
(:init (handempty) ${towersAsFacts(towers).join(' ')} ${towers.map(tower => `(clear ${tower.at(-1)})`).join(' ')})
(:goal (and ${goal.join(' ')})))`
}

function towersAsFacts(towers: readonly (readonly string[])[]): readonly string[] {
  return towers.flatMap(tower =>
    tower.map((block, height) => (height === 0 ? `(ontable ${block})` : `(on ${block} ${tower[height - 1]})`)),
  )
}

/** Blocks in random towers, and others wanted. */
export function randomBlocks(count: number, seed: number): string {
  const dice = createDice(seed)
  const names = Array.from({ length: count }, (_, index) => `b${index + 1}`)
  const towers = () => {
    const made: string[][] = []
    for (const block of shuffled(names, dice)) {
      const at = dice(made.length + 1)
      const tower = made[at]
      if (tower) tower.push(block)
      else made.push([block])
    }
    return made
  }
  const goal = towersAsFacts(towers()).filter(fact => fact.startsWith('(on '))
  return blocksProblem(towers(), goal)
}

export const logisticsDomain = `(define (domain logistics) (:requirements :strips :typing)
(:types truck airplane - vehicle package vehicle - thing airport - location city location thing - object)
(:predicates (at ?x - thing ?l - location) (in ?p - package ?v - vehicle) (in-city ?l - location ?c - city))
(:action load :parameters (?p - package ?v - vehicle ?l - location)
  :precondition (and (at ?v ?l) (at ?p ?l)) :effect (and (not (at ?p ?l)) (in ?p ?v)))
(:action unload :parameters (?p - package ?v - vehicle ?l - location)
  :precondition (and (at ?v ?l) (in ?p ?v)) :effect (and (at ?p ?l) (not (in ?p ?v))))
(:action drive :parameters (?t - truck ?from ?to - location ?c - city)
  :precondition (and (at ?t ?from) (in-city ?from ?c) (in-city ?to ?c) (not (= ?from ?to)))
  :effect (and (at ?t ?to) (not (at ?t ?from))))
(:action fly :parameters (?a - airplane ?from ?to - airport) :precondition (and (at ?a ?from) (not (= ?from ?to)))
  :effect (and (at ?a ?to) (not (at ?a ?from)))))`

/** Packages to bring to other places, over cities with trucks, and planes between their airports. */
export function randomLogistics(
  { cities, places, packages, planes }: { cities: number; places: number; packages: number; planes: number },
  seed: number,
): string {
  const dice = createDice(seed)
  const city = (index: number) => Array.from({ length: places }, (_, place) => `l${index}-${place}`)
  const all = Array.from({ length: cities }, (_, index) => city(index))
  const anywhere = () => all[dice(cities)]?.[dice(places)] ?? ''
  const list = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`)
  return `(define (problem p) (:domain logistics) (:objects ${list('c', cities).join(' ')} - city
${list('t', cities).join(' ')} - truck ${list('a', planes).join(' ')} - airplane ${list('p', packages).join(' ')} - package
${all.map(([airport]) => airport).join(' ')} - airport ${all.flatMap(([, ...rest]) => rest).join(' ')} - location)
(:init ${all.flatMap((spots, index) => spots.map(spot => `(in-city ${spot} c${index})`)).join(' ')}
${all.map((spots, index) => `(at t${index} ${spots[dice(places)]})`).join(' ')}
${list('a', planes)
  .map(plane => `(at ${plane} l${dice(cities)}-0)`)
  .join(' ')}
${list('p', packages)
  .map(one => `(at ${one} ${anywhere()})`)
  .join(' ')})
(:goal (and ${list('p', packages)
    .map(one => `(at ${one} ${anywhere()})`)
    .join(' ')})))`
}

export const sokobanDomain = `(define (domain sokoban) (:requirements :typing :equality :action-costs)
(:types thing location direction - object player stone - thing)
(:predicates (clear ?l - location) (at ?t - thing ?l - location) (at-goal ?s - stone)
  (is-goal ?l - location) (is-nongoal ?l - location) (move-dir ?from ?to - location ?dir - direction))
(:functions (total-cost) - number)
(:action move :parameters (?p - player ?from ?to - location ?dir - direction)
  :precondition (and (at ?p ?from) (clear ?to) (move-dir ?from ?to ?dir))
  :effect (and (not (at ?p ?from)) (not (clear ?to)) (at ?p ?to) (clear ?from)))
(:action push-to-nongoal :parameters (?p - player ?s - stone ?ppos ?from ?to - location ?dir - direction)
  :precondition (and (at ?p ?ppos) (at ?s ?from) (clear ?to) (move-dir ?ppos ?from ?dir) (move-dir ?from ?to ?dir) (is-nongoal ?to))
  :effect (and (not (at ?p ?ppos)) (not (at ?s ?from)) (not (clear ?to)) (at ?p ?from) (at ?s ?to) (clear ?ppos) (not (at-goal ?s))
    (increase (total-cost) 1)))
(:action push-to-goal :parameters (?p - player ?s - stone ?ppos ?from ?to - location ?dir - direction)
  :precondition (and (at ?p ?ppos) (at ?s ?from) (clear ?to) (move-dir ?ppos ?from ?dir) (move-dir ?from ?to ?dir) (is-goal ?to))
  :effect (and (not (at ?p ?ppos)) (not (at ?s ?from)) (not (clear ?to)) (at ?p ?from) (at ?s ?to) (clear ?ppos) (at-goal ?s)
    (increase (total-cost) 1))))`

/** A room as it is drawn: `#` wall, `@` player, `$` stone, `.` goal, `*` stone on goal, space free. */
export function sokobanProblem(rows: readonly string[]): string {
  const cells = rows.flatMap((row, y) =>
    [...row].flatMap((mark, x) => (mark === '#' ? [] : [{ name: `pos-${x}-${y}`, mark, x, y }])),
  )
  const free = new Map(cells.map(cell => [cell.name, cell]))
  const ways = [
    ['up', 0, -1],
    ['down', 0, 1],
    ['left', -1, 0],
    ['right', 1, 0],
  ] as const
  const moves = cells.flatMap(({ name, x, y }) =>
    ways.flatMap(([way, dx, dy]) => {
      const to = `pos-${x + dx}-${y + dy}`
      return free.has(to) ? [`(move-dir ${name} ${to} ${way})`] : []
    }),
  )
  const stones = cells
    .filter(({ mark }) => mark === '$' || mark === '*')
    .map((cell, index) => ({ ...cell, stone: `s${index}` }))
  const isGoal = (mark: string) => mark === '.' || mark === '*'
  return `(define (problem p) (:domain sokoban)
(:objects up down left right - direction player-1 - player ${stones.map(({ stone }) => stone).join(' ')} - stone
${[...free.keys()].join(' ')} - location)
(:init ${moves.join(' ')} (= (total-cost) 0)
${cells.map(({ name, mark }) => `(${isGoal(mark) ? 'is-goal' : 'is-nongoal'} ${name})`).join(' ')}
${cells
  .filter(({ mark }) => mark === '@')
  .map(({ name }) => `(at player-1 ${name})`)
  .join(' ')}
${cells
  .filter(({ mark }) => mark === ' ' || mark === '.')
  .map(({ name }) => `(clear ${name})`)
  .join(' ')}
${stones.map(({ stone, name }) => `(at ${stone} ${name})`).join(' ')}
${stones
  .filter(({ mark }) => mark === '*')
  .map(({ stone }) => `(at-goal ${stone})`)
  .join(' ')})
(:goal (and ${stones.map(({ stone }) => `(at-goal ${stone})`).join(' ')})) (:metric minimize (total-cost)))`
}

/** A room with walls and stones strewn in it; it may have no solution. */
export function randomSokoban(size: number, stones: number, seed: number): string {
  const dice = createDice(seed)
  const grid = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (__, x): string =>
      x === 0 || y === 0 || x === size - 1 || y === size - 1 ? '#' : ' ',
    ),
  )
  const put = (mark: string, margin: number) => {
    for (;;) {
      const x = margin + dice(size - 2 * margin)
      const row = grid[margin + dice(size - 2 * margin)]
      if (row?.[x] !== ' ') continue
      row[x] = mark
      return
    }
  }
  for (let wall = 0; wall < size; wall++) put('#', 1)
  for (let stone = 0; stone < stones; stone++) {
    put('$', 2)
    put('.', 1)
  }
  put('@', 1)
  return sokobanProblem(grid.map(row => row.join('')))
}
