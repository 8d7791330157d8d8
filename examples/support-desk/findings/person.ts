/** What we know of the customer as a person: the identity check and the address. */
import type { PortValue } from 'muster'
import type { CustomerRecord } from '../bank/account.ts'
import type { AddressFinding, IdentityFinding } from '../concepts.ts'

const states: Readonly<Record<CustomerRecord['identity'], { readonly summary: string; readonly advice: string }>> = {
  verified: { summary: 'Your identity is verified.', advice: 'You need do nothing more.' },
  'in-review': {
    summary: 'Your documents have come and are being looked at.',
    advice: 'This takes up to two working days; you need do nothing.',
  },
  'document-unreadable': {
    summary: 'We could not read the document that you sent.',
    advice: 'Please photograph it again in the app: whole page, no flash, no glare.',
  },
  'not-started': {
    summary: 'Your identity has not been verified yet.',
    advice: 'Start it in the app under Profile with a passport or identity card and a selfie.',
  },
}

/** How far the identity check is. */
export function describeIdentity(customer: CustomerRecord): PortValue<typeof IdentityFinding> {
  return {
    topic: 'IdentityFinding',
    ...states[customer.identity],
    facts: [
      {
        about: 'identity check',
        text: 'The law obliges every bank to know who its customers are and where their money comes from.',
      },
    ],
  }
}

/** The new address in a text, such as `5 Park Lane, 10115 Berlin`; undefined when there is none. */
export function addressIn(text: string): string | undefined {
  const match =
    /\b\d{1,4}[a-z]?\s+(?:\p{Lu}[\p{L}'’.-]*\s*){1,4},\s*(?:[A-Z]{0,2}[- ]?\d{3,6}\s+)?\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)*/u.exec(
      text,
    )
  return match?.[0].replaceAll(/\s+/g, ' ').trim()
}

/** What is noted about an address; `asked` is the new one, when the customer wrote it. */
export function describeAddress(customer: CustomerRecord, asked: string | undefined): PortValue<typeof AddressFinding> {
  const held = `${customer.street}, ${customer.postcode} ${customer.city}`
  return {
    topic: 'AddressFinding',
    summary:
      asked === undefined
        ? `The address that we hold is ${held}.`
        : `We have noted your new address: ${asked}. Until you confirm it, post still goes to ${held}.`,
    facts: [],
    advice:
      asked === undefined
        ? 'Write us the new one (number and street, postcode and town), or change your details in the app under Profile.'
        : 'Please confirm it in the app under Profile: we change nothing on the strength of a message alone. A change of name needs a photo of the document there.',
  }
}
