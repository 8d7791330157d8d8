/** The handbook of the bank: how things work, for questions that need no look at an account. By intent. */
export const handbook: ReadonlyMap<string, { readonly about: string; readonly text: string }> = new Map(
  Object.entries({
    age_limit: {
      about: 'age',
      text: 'You must be 18 to open an account of your own; from 7 on, a parent can open a junior account.',
    },
    apple_pay_or_google_pay: {
      about: 'Apple Pay and Google Pay',
      text: 'You can add your card to Apple Pay and Google Pay in the app under Cards, and top up with both.',
    },
    atm_support: {
      about: 'cash machines',
      text: 'Your card works at every cash machine that shows the Mastercard sign; cash in euros is free.',
    },
    automatic_top_up: {
      about: 'automatic top-up',
      text: 'In the app under Top up you can set an amount below which your account tops itself up.',
    },
    card_acceptance: {
      about: 'shops',
      text: 'Your card is taken wherever you see the Mastercard sign, online and in shops.',
    },
    card_delivery_estimate: {
      about: 'delivery',
      text: 'A card takes five to nine days by post; we offer no express delivery.',
    },
    card_linking: {
      about: 'linking a card',
      text: 'In the app choose Cards, then Add a card, and type the number; a card that you found again can be unfrozen there.',
    },
    change_pin: { about: 'PIN', text: 'You can change your PIN at any cash machine under PIN services, also abroad.' },
    country_support: {
      about: 'countries',
      text: 'You can open an account if you live in the European Economic Area; the card works almost anywhere.',
    },
    disposable_card_limits: {
      about: 'disposable cards',
      text: 'You can have five disposable cards a day; each is good for one payment, online only.',
    },
    exchange_charge: { about: 'exchange', text: 'Changing money costs 1% of the amount.' },
    exchange_rate: {
      about: 'exchange rate',
      text: 'We apply the market’s rate of the moment plus 0.4%; the app shows it before you agree.',
    },
    exchange_via_app: {
      about: 'exchange',
      text: 'In the app under Exchange you can change between euros, pounds, dollars and francs.',
    },
    fiat_currency_support: { about: 'currencies', text: 'You can hold euros, pounds, US dollars and Swiss francs.' },
    get_disposable_virtual_card: {
      about: 'disposable cards',
      text: 'Order a disposable card in the app under Cards; its number changes after each payment.',
    },
    get_physical_card: {
      about: 'PIN',
      text: 'Your PIN is shown in the app under Card settings as soon as the card is on its way; it is not sent by post.',
    },
    getting_spare_card: {
      about: 'spare card',
      text: 'A second card costs €6.00 and can be ordered in the app under Cards, also for a member of your family.',
    },
    getting_virtual_card: {
      about: 'virtual card',
      text: 'A virtual card is free and ready at once: in the app, choose Cards, then Add a card.',
    },
    lost_or_stolen_phone: {
      about: 'your phone',
      text: 'Nobody gets into the app without your passcode. Sign in on another device and choose Profile, then Devices, to lock the lost one out.',
    },
    order_physical_card: {
      about: 'ordering a card',
      text: 'Order a card of plastic in the app under Cards; the first is free.',
    },
    passcode_forgotten: {
      about: 'passcode',
      text: 'On the sign-in page choose Forgot passcode; you get a new one after a selfie.',
    },
    receiving_money: {
      about: 'receiving money',
      text: 'Others can send money to your IBAN, which the app shows under Account; other currencies are changed into yours.',
    },
    supported_cards_and_currencies: {
      about: 'topping up',
      text: 'You can top up with Visa and Mastercard in euros, pounds, dollars and francs; American Express does not work.',
    },
    terminate_account: {
      about: 'closing the account',
      text: 'Move your balance elsewhere, then choose Profile, then Close account in the app; it takes one working day.',
    },
    top_up_by_bank_transfer_charge: {
      about: 'top-up by transfer',
      text: 'Topping up by SEPA transfer is free; by SWIFT the sending bank may charge.',
    },
    top_up_by_card_charge: { about: 'top-up by card', text: 'Topping up by card costs 1%.' },
    top_up_by_cash_or_cheque: {
      about: 'cash and cheques',
      text: 'You can send in a cheque, which takes six days; we cannot take cash.',
    },
    top_up_limits: { about: 'top-up limits', text: 'You can top up €10 to €5,000 a day.' },
    topping_up_by_card: {
      about: 'top-up by card',
      text: 'In the app choose Top up, then Card; the money is there within minutes.',
    },
    transfer_into_account: {
      about: 'transfers to you',
      text: 'Send the money to your IBAN, which the app shows under Account.',
    },
    transfer_timing: {
      about: 'time of transfers',
      text: 'A SEPA transfer takes one to two working days, a SWIFT transfer up to four.',
    },
    verify_source_of_funds: {
      about: 'source of funds',
      text: 'For large sums the law makes us ask where they come from; a payslip or contract sent in the app will do.',
    },
    verify_top_up: {
      about: 'verifying a top-up',
      text: 'The code stands beside the top-up on the statement of the card you used; type it in the app under Top up.',
    },
    visa_or_mastercard: { about: 'Visa or Mastercard', text: 'Our cards are Mastercards; we do not offer Visa.' },
    why_verify_identity: {
      about: 'identity check',
      text: 'The law obliges every bank to know its customers; that protects you from others using your name.',
    },
  }),
)
