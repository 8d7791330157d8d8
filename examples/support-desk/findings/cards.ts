/** The customer's cards: where a new one is, what is wrong with one, what became of a lost one. */
import type { PortValue } from 'muster'
import type { CardFile, CardRecord } from '../bank/account.ts'
import type { CardBlockFinding, CardStatusFinding, DeliveryFinding } from '../concepts.ts'
import { counted, dayOf, listed } from '../words.ts'

const sixtyDays = 60 * 86_400_000

/** Where a new card is. */
export function traceDelivery(file: CardFile): PortValue<typeof DeliveryFinding> {
  const [card] = file.cards.filter(card => card.status === 'ordered')
  if (card?.delivery === undefined) {
    return {
      topic: 'DeliveryFinding',
      summary: 'No card is under way to you.',
      facts: [],
      advice: 'You can order one in the app under Cards; it takes five to nine days.',
    }
  }
  const { orderedAt, sentAt, dueAt, carrier, tracking } = card.delivery
  const late = Date.parse(dueAt) < Date.parse(file.asOf)
  const sent =
    sentAt === undefined
      ? `It was ordered on ${dayOf(orderedAt)} and leaves our printers within two days.`
      : `${carrier} has had it since ${dayOf(sentAt)}${tracking === undefined ? '' : `; the tracking number is ${tracking}`}.`
  return {
    topic: 'DeliveryFinding',
    summary: late
      ? `Your card ending in ${card.lastFour} should have come by ${dayOf(dueAt)} and is late.`
      : `Your card ending in ${card.lastFour} should be with you by ${dayOf(dueAt)}.`,
    facts: [{ about: carrier, text: sent }],
    ...(late ? { advice: 'If it is not there in three days, order a new one in the app; that is free.' } : {}),
  }
}

/** What state each card is in, and what to do about it. */
export function describeCards(file: CardFile): PortValue<typeof CardStatusFinding> {
  const told = file.cards.map(card => ({ card, ...stateOf(card, file.asOf) }))
  const wrong = told.filter(one => one.remedy !== undefined)
  const [first] = wrong
  return {
    topic: 'CardStatusFinding',
    summary:
      first === undefined
        ? `Your ${counted(file.cards.length, 'card')} ${file.cards.length === 1 ? 'is' : 'are'} in good order on our side.`
        : first.text,
    facts: told.filter(one => one !== first).map(({ card, text }) => ({ about: `card ${card.lastFour}`, text })),
    advice:
      first?.remedy ??
      'If a terminal still refuses a card, put it in and type the PIN once: that wakes up contactless too.',
  }
}

/** What was blocked, and what comes instead. */
export function describeBlock(file: CardFile): PortValue<typeof CardBlockFinding> {
  const blocked = file.cards.filter(card => card.status === 'blocked')
  const [fresh] = file.cards.filter(card => card.status === 'ordered')
  const virtual = file.cards.filter(card => card.kind === 'virtual' && card.status === 'active')
  return {
    topic: 'CardBlockFinding',
    summary:
      blocked.length === 0
        ? 'You have no card of plastic that could still be used, so there was nothing to block.'
        : `We have blocked your ${blocked.length === 1 ? 'card' : 'cards'} ending in ${listed(blocked.map(card => card.lastFour))}: nobody can pay with ${blocked.length === 1 ? 'it' : 'them'} any more.`,
    facts: [
      ...(fresh?.delivery === undefined
        ? []
        : [
            {
              about: 'new card',
              text: `A new card ending in ${fresh.lastFour} is ordered, free of charge, and should be with you by ${dayOf(fresh.delivery.dueAt)}.`,
            },
          ]),
      ...virtual.map(card => ({
        about: 'virtual card',
        text: `Your virtual card ending in ${card.lastFour} still works; freeze it in the app if you fear for it too.`,
      })),
    ],
    advice: 'If it was stolen, please report it to the police as well.',
  }
}

function stateOf(card: CardRecord, asOf: string): { readonly text: string; readonly remedy?: string } {
  const name = `Your ${card.kind === 'virtual' ? 'virtual card' : 'card'} ending in ${card.lastFour}`
  if (card.status === 'ordered') return { text: `${name} is on its way to you.` }
  if (card.status === 'expired') {
    return {
      text: `${name} expired on ${dayOf(card.expiresAt)}.`,
      remedy: 'Order a new one in the app under Cards; it is free.',
    }
  }
  if (card.status === 'blocked') return { text: `${name} is blocked for good.` }
  if (card.status === 'frozen') return { text: `${name} is frozen.`, remedy: 'Unfreeze it in the app under Cards.' }
  if (card.status === 'inactive') {
    return {
      text: `${name} has not been activated.`,
      remedy: 'Activate it in the app under Cards, or with one payment by PIN.',
    }
  }
  if (card.pinTriesLeft === 0) {
    return {
      text: `${name} has its PIN blocked after three wrong tries.`,
      remedy: 'Unblock the PIN at any cash machine under PIN services; the app shows you the right one.',
    }
  }
  if (Date.parse(card.expiresAt) - Date.parse(asOf) < sixtyDays) {
    return {
      text: `${name} expires on ${dayOf(card.expiresAt)}; a new one comes by itself two weeks before.`,
      remedy: 'Check in the app that we have your right address.',
    }
  }
  if (!card.contactless) {
    return { text: `${name} has contactless switched off.`, remedy: 'Switch it on in the app under Card settings.' }
  }
  return { text: `${name} is active.` }
}
