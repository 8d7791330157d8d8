/** Worlds of facts as PDDL texts, drawn from a seed: harder than what is usually at hand, the same at every run. */

/** A domain with one instance. */
export interface WorldText {
  readonly domain: string
  readonly problem: string
}

/** Numbers from 0 up to `below`, drawn from a seed (mulberry32). */
function drawFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const blocksDomain = `(define (domain blocks) (:requirements :strips)
  (:predicates (clear ?x) (ontable ?x) (handempty) (holding ?x) (on ?x ?y))
  (:action pick-up :parameters (?x) :precondition (and (clear ?x) (ontable ?x) (handempty))
    :effect (and (holding ?x) (not (clear ?x)) (not (ontable ?x)) (not (handempty))))
  (:action put-down :parameters (?x) :precondition (holding ?x)
    :effect (and (clear ?x) (handempty) (ontable ?x) (not (holding ?x))))
  (:action stack :parameters (?x ?y) :precondition (and (clear ?y) (holding ?x))
    :effect (and (handempty) (clear ?x) (on ?x ?y) (not (clear ?y)) (not (holding ?x))))
  (:action unstack :parameters (?x ?y) :precondition (and (on ?x ?y) (clear ?x) (handempty))
    :effect (and (holding ?x) (clear ?y) (not (on ?x ?y)) (not (clear ?x)) (not (handempty)))))`

/** Towers of `count` blocks, to be rebuilt as other towers. */
export function blocksWorld(seed: number, count: number): WorldText {
  const draw = drawFrom(seed)
  const towers = () => {
    const left = Array.from({ length: count }, (_, at) => `b${at}`)
    const found: string[][] = []
    while (left.length > 0) {
      const [block = ''] = left.splice(draw(left.length), 1)
      const tower = draw(3) === 0 ? undefined : found.at(draw(found.length + 1))
      if (tower) tower.push(block)
      else found.push([block])
    }
    return found
  }
  const on = (all: readonly (readonly string[])[]) =>
    all.flatMap(tower => tower.slice(1).map((block, at) => `(on ${block} ${tower[at] ?? ''})`))
  const before = towers()
  const facts = before.flatMap(tower => [`(ontable ${tower[0] ?? ''})`, `(clear ${tower.at(-1) ?? ''})`])
  const blocks = before.flat().join(' ')
  return {
    domain: blocksDomain,
    problem: `(define (problem p) (:domain blocks) (:objects ${blocks})
      (:init (handempty) ${[...facts, ...on(before)].join(' ')}) (:goal (and ${on(towers()).join(' ')})))`,
  }
}

const logisticsDomain = `(define (domain logistics) (:requirements :strips :typing)
  (:types package vehicle - thing  truck plane - vehicle  place city - object  airport - place)
  (:predicates (at ?t - thing ?p - place) (in ?k - package ?v - vehicle) (within ?p - place ?c - city))
  (:action load :parameters (?k - package ?v - vehicle ?p - place)
    :precondition (and (at ?k ?p) (at ?v ?p)) :effect (and (in ?k ?v) (not (at ?k ?p))))
  (:action unload :parameters (?k - package ?v - vehicle ?p - place)
    :precondition (and (in ?k ?v) (at ?v ?p)) :effect (and (at ?k ?p) (not (in ?k ?v))))
  (:action drive :parameters (?v - truck ?a ?b - place ?c - city)
    :precondition (and (at ?v ?a) (within ?a ?c) (within ?b ?c)) :effect (and (at ?v ?b) (not (at ?v ?a))))
  (:action fly :parameters (?v - plane ?a ?b - airport)
    :precondition (at ?v ?a) :effect (and (at ?v ?b) (not (at ?v ?a)))))`

/** Packages to be carried between places of several cities, with a truck a city and some planes. */
export function logisticsWorld(
  seed: number,
  { cities, places, packages, planes }: Readonly<Record<'cities' | 'places' | 'packages' | 'planes', number>>,
): WorldText {
  const draw = drawFrom(seed)
  const range = (count: number) => Array.from({ length: count }, (_, at) => at)
  const anywhere = () => `l${draw(cities)}-${draw(places)}`
  const placesOf = (city: number) => range(places).map(place => `l${city}-${place}`)
  const objects = range(cities).map(
    city => `c${city} - city t${city} - truck
      l${city}-0 - airport ${placesOf(city).slice(1).join(' ')} - place`,
  )
  const facts = range(cities).flatMap(city => [
    ...placesOf(city).map(place => `(within ${place} c${city})`),
    `(at t${city} l${city}-${draw(places)})`,
  ])
  const starts = range(packages).map(one => `(at k${one} ${anywhere()})`)
  const ends = range(packages).map(one => `(at k${one} ${anywhere()})`)
  return {
    domain: logisticsDomain,
    problem: `(define (problem p) (:domain logistics)
      (:objects ${objects.join(' ')} ${range(packages)
        .map(one => `k${one}`)
        .join(' ')} - package ${range(planes)
        .map(one => `a${one}`)
        .join(' ')} - plane)
      (:init ${[...facts, ...starts, ...range(planes).map(one => `(at a${one} l${draw(cities)}-0)`)].join(' ')})
      (:goal (and ${ends.join(' ')})))`,
  }
}

const sokobanDomain = `(define (domain sokoban) (:requirements :strips :typing)
  (:types cell way box)
  (:predicates (man ?c - cell) (free ?c - cell) (box-at ?b - box ?c - cell) (next ?a ?b - cell ?w - way))
  (:action walk :parameters (?a ?b - cell ?w - way)
    :precondition (and (man ?a) (free ?b) (next ?a ?b ?w))
    :effect (and (man ?b) (free ?a) (not (man ?a)) (not (free ?b))))
  (:action push :parameters (?k - box ?a ?b ?c - cell ?w - way)
    :precondition (and (man ?a) (box-at ?k ?b) (free ?c) (next ?a ?b ?w) (next ?b ?c ?w))
    :effect (and (man ?b) (box-at ?k ?c) (free ?a) (not (man ?a)) (not (box-at ?k ?b)) (not (free ?c)))))`

/** A store seen from above: \`#\` a wall, \`@\` the man, letters the boxes and, in capitals, where they are to stand. */
export function sokobanWorld(rows: readonly string[]): WorldText {
  const cells = rows.flatMap((row, y) =>
    row.split('').flatMap((sign, x) => (sign === '#' ? [] : [{ name: `s${x}-${y}`, x, y, sign }])),
  )
  const ways = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }
  const next = cells.flatMap(({ name, x, y }) =>
    Object.entries(ways).flatMap(([way, [dx = 0, dy = 0]]) =>
      cells
        .filter(other => other.x === x + dx && other.y === y + dy)
        .map(other => `(next ${name} ${other.name} ${way})`),
    ),
  )
  const boxes = cells.filter(({ sign }) => /[a-z]/.test(sign))
  const goals = cells.filter(({ sign }) => /[A-Z]/.test(sign))
  const facts = cells.flatMap(({ name, sign }) =>
    sign === '@' ? [`(man ${name})`] : /[a-z]/.test(sign) ? [`(box-at ${sign} ${name})`] : [`(free ${name})`],
  )
  return {
    domain: sokobanDomain,
    problem: `(define (problem p) (:domain sokoban)
      (:objects ${cells.map(({ name }) => name).join(' ')} - cell ${Object.keys(ways).join(' ')} - way
        ${boxes.map(({ sign }) => sign).join(' ')} - box)
      (:init ${[...facts, ...next].join(' ')})
      (:goal (and ${goals.map(({ name, sign }) => `(box-at ${sign.toLowerCase()} ${name})`).join(' ')})))`,
  }
}

/** The same world under names that say nothing. */
export function obfuscated({ domain, problem }: WorldText, seed: number): WorldText {
  const draw = drawFrom(seed)
  const kept = new Set(
    'define domain problem and not object either strips typing requirements types predicates action parameters precondition effect objects init goal'.split(
      ' ',
    ),
  )
  const names = new Map<string, string>()
  const rename = (text: string) =>
    text.replaceAll(/[a-z][a-z0-9-]*/g, word => {
      if (kept.has(word)) return word
      const name = names.get(word) ?? `x${draw(1_000_000)}q${names.size}`
      names.set(word, name)
      return name
    })
  return { domain: rename(domain), problem: rename(problem) }
}
