'use strict';

/** The largest payment, in minor units: cents, say. */
const LIMIT = 1_000_000;

const CURRENCIES = ['CHF', 'EUR', 'GBP', 'USD'];

/** What is wrong with each field of a payment. */
exports.check = (payment) => {
  if (payment === null || typeof payment !== 'object' || Array.isArray(payment)) {
    return [{ field: 'body', message: 'must be a JSON object' }];
  }
  const { idempotencyKey, amount, currency, source } = payment;
  const errors = [];
  const expect = (right, field, message) => right || errors.push({ field, message });
  expect(matches(/^[A-Za-z0-9_-]{8,64}$/, idempotencyKey), 'idempotencyKey', 'must be 8 to 64 letters, digits, - and _');
  expect(Number.isInteger(amount) && amount >= 1 && amount <= LIMIT,
    'amount', `must be a whole number of minor units from 1 to ${LIMIT}`);
  expect(CURRENCIES.includes(currency), 'currency', `must be one of ${CURRENCIES.join(', ')}`);
  if (typeof source === 'string' && hasCardNumber(source)) {
    expect(false, 'source', 'looks like a card number: send a token of it');
  } else {
    expect(matches(/^(tok|acc)_[A-Za-z0-9]{8,32}$/, source),
      'source', 'must be tok_ or acc_ and 8 to 32 letters and digits');
  }
  return errors;
};

function matches(pattern, value) {
  return typeof value === 'string' && pattern.test(value);
}

function hasCardNumber(text) {
  return text.replace(/[ -]/g, '').split(/[^0-9]+/).some((digits) => /^\d{13,19}$/.test(digits) && luhn(digits));
}

/** Whether the check digit is right: see ISO/IEC 7812-1, annex B. */
function luhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const n = Number(digit) * (i % 2 + 1);
    return total + (n > 9 ? n - 9 : n);
  }, 0);
  return sum % 10 === 0;
}
