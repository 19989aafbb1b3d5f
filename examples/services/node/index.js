'use strict';

const { createHash } = require('node:crypto');
const { check } = require('./payment');

/** Answers a request of API Gateway or of a function URL. */
exports.handler = async (event) => {
  const payment = parse(event.body);
  const errors = check(payment);
  if (errors.length > 0) {
    return answer(400, { errors });
  }
  const digest = createHash('sha256').update(payment.idempotencyKey).digest('hex');
  return answer(202, { id: `pay_${digest.slice(0, 32)}`, status: 'accepted' });
};

function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function answer(statusCode, content) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: process.env.VERSION, ...content }),
  };
}
