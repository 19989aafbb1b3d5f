# frozen_string_literal: true

# What a payment must be.
module Payment
  # The largest payment, in minor units: cents, say.
  LIMIT = 1_000_000

  CURRENCIES = %w[CHF EUR GBP USD].freeze

  module_function

  # What is wrong with each field of a payment.
  def check(payment)
    return [{ field: 'body', message: 'must be a JSON object' }] unless payment.is_a?(Hash)

    {
      idempotencyKey: key_error(payment['idempotencyKey']),
      amount: amount_error(payment['amount']),
      currency: currency_error(payment['currency']),
      source: source_error(payment['source'])
    }.compact.map { |field, message| { field:, message: } }
  end

  def key_error(key)
    'must be 8 to 64 letters, digits, - and _' unless matches?(key, /\A[A-Za-z0-9_-]{8,64}\z/)
  end

  def amount_error(amount)
    right = amount.is_a?(Numeric) && amount.between?(1, LIMIT) && (amount % 1).zero?
    "must be a whole number of minor units from 1 to #{LIMIT}" unless right
  end

  def currency_error(currency)
    "must be one of #{CURRENCIES.join(', ')}" unless CURRENCIES.include?(currency)
  end

  def source_error(source)
    return 'looks like a card number: send a token of it' if source.is_a?(String) && card_number?(source)

    'must be tok_ or acc_ and 8 to 32 letters and digits' unless matches?(source, /\A(tok|acc)_[A-Za-z0-9]{8,32}\z/)
  end

  def matches?(value, pattern)
    value.is_a?(String) && value.match?(pattern)
  end

  def card_number?(text)
    text.delete(' -').split(/[^0-9]+/).any? { |digits| digits.length.between?(13, 19) && luhn?(digits) }
  end

  # Whether the check digit is right: see ISO/IEC 7812-1, annex B.
  def luhn?(digits)
    sum = digits.chars.reverse.each_with_index.sum do |digit, i|
      n = digit.to_i * ((i % 2) + 1)
      n > 9 ? n - 9 : n
    end
    (sum % 10).zero?
  end
end
