# frozen_string_literal: true

# Loads a Lambda handler as Lambda's Ruby runtime does, from the directory that is shipped.
#
# Usage: ruby load.rb HANDLER REPOSITORY
#
# It ends with 1 if it is certain that the handler cannot start, and with 0 if it can, or if what it missed is what a build does not have.

# The child requires nothing, so that Bundler can choose the version of each gem.
require 'tmpdir' unless ARGV.first == '--child'

# Nothing of it is in the way of the handler, whose methods are those of all objects.
module HandlerCheck
  # Seconds. Lambda gives a function 10 to start, and a build may be slower.
  LIMIT = 30

  # Gems that Lambda's runtime brings.
  PROVIDED = /\Aaws-(sdk|sigv4|partitions|eventstream|record|xray)|\Aaws_lambda_ric/

  # Gems that Ruby itself comes with, and Lambda's has too. Those that are among its libraries are not asked for.
  BUNDLED = %w[
    abbrev base64 bigdecimal bundler csv debug drb getoptlong matrix minitest mutex_m net-ftp net-imap net-pop net-smtp nkf observer
    power_assert prime racc rake rbs repl_type_completor resolv-replace rexml rinda rss rubygems syslog test-unit typeprof
  ].freeze

  # Libraries that Lambda's system has, by the packages that these list: https://github.com/amazonlinux/amazon-linux-2023/issues/585
  # (python3.12) and https://github.com/aws/aws-lambda-base-images/issues/173 (nodejs20.x). Neither expat nor libxcrypt is among them.
  # Images have more.
  SYSTEM = /\A(ld-linux[-\w]*|lib(c|m|mvec|dl|rt|pthread|util|resolv|anl|gcc_s|stdc\+\+|z|bz2|lzma|zstd|lz4|ssl|crypto|ffi|xml2|yaml|curl|
            sqlite3|readline|ncursesw?|tinfo|uuid|gmp|g(lib|object|module|thread|io)-2\.0|(gssapi_)?krb5|k5crypto|krb5support|com_err|
            ruby[-\d.]*))\.so\z/x
  LIBC = 34 # Of version 2.

  # Folders of a repository that have no code of its own.
  FOREIGN = %r{(\A|/)(vendor/bundle|vendor/cache|lambda-artifact|node_modules|\.[^/]+)/}

  LAYER = 'If a layer brings it, set build.handlerCheck to Disabled.'

  # What makes it certain that the handler cannot start.
  class CannotStart < StandardError; end

  # Stands for the AWS SDK where the build does not have it: all constants and methods are there.
  module StandIn
    def const_missing(name)
      const_set(name, Class.new(StandardError) do
        extend StandIn
        include StandIn

        def initialize(*, **) = super()
      end)
    end

    def method_missing(*, **) = self

    def respond_to_missing?(*) = true
  end

  # Requires what is there, or a stand-in for what Lambda's runtime brings.
  module Requires
    def require(path)
      super
    rescue LoadError => e
      raise unless e.path == path && PROVIDED.match?(path) && !HandlerCheck.bundled?

      Object.const_set(:Aws, Module.new) unless Object.const_defined?(:Aws)
      Aws.extend(StandIn)
      puts "Lambda's runtime brings #{path}, and the build does not have it: the handler is loaded with a stand-in."
    end
    private :require
  end

  # Loads the handler. It raises CannotStart, or what its file raised.
  class Child
    def initialize(handler, repository)
      @file, *object, @method = handler.split('.')
      @object = object.first
      @repository = repository
      return if @method && object.length < 2

      raise CannotStart, 'Init<ArgumentError>: allowed: a file and a method, app.handler, or app.Payments::Api.handler'
    end

    def load
      require_file
      foreign = $LOADED_FEATURES.filter_map { |feature| HandlerCheck.gem_of(feature) }.first
      raise CannotStart, "Init<LoadError>: it needs #{foreign}, and the artifact does not have it. #{gem_cause(foreign)}" if foreign

      check_ruby
      check_method(receiver)
      check_linked
    end

    private

    # Lambda's runtime rescues no less.
    def require_file
      $LOAD_PATH.unshift(Dir.pwd)
      Kernel.prepend(Requires)
      require @file
    rescue LoadError => e
      raise CannotStart, "Init<LoadError>: #{load_cause(e)}"
    rescue SyntaxError => e
      raise CannotStart, "Init<SyntaxError>: #{e.message.lines.first(3).join(' ').gsub("#{Dir.pwd}/", '').strip}"
    rescue Errno::ENOENT => e
      path = e.message[/ - (.+)\z/, 1].to_s
      raise unless shipped_place?(path)

      raise CannotStart, "Init<Errno::ENOENT>: #{place(e)} reads #{path}, and the artifact does not have it. #{shipping}"
    rescue NoMethodError
      raise
    rescue NameError => e
      raise CannotStart, "Init<NameError>: #{place(e)}: #{e.message.lines.first.strip}"
    rescue SystemExit => e
      # bundler/setup has said what is missing, and ends Ruby.
      raise unless e.backtrace.to_a.any? { |line| line.include?('bundler/setup') }

      raise CannotStart, "Init<SystemExit>: #{bundler_cause}"
    rescue StandardError => e
      raise unless e.class.name.to_s.start_with?('Bundler::')

      raise CannotStart, "Init<#{e.class}>: #{bundler_cause}. #{e.message.gsub(/\s+/, ' ').strip}"
    end

    # The shipped libraries that were loaded may need others that only the build's image has.
    def check_linked
      loaded = File.readlines('/proc/self/maps').filter_map { |line| line[%r{/\S+\.so\S*}] }.uniq.sort
      shipped, others = loaded.partition { |path| path.start_with?("#{Dir.pwd}/") }
      shipped.each do |path|
        text = File.binread(path)
        newest = text.scan(/\bGLIBC_2\.(\d+)/n).flatten.map(&:to_i).max.to_i
        raise CannotStart, "#{linked(path)} C library 2.#{newest}, Lambda has 2.#{LIBC}: build on Amazon Linux" if newest > LIBC

        names = others.map { |other| File.basename(other)[/\A.*?\.so/] }.grep_v(SYSTEM)
        missing = names.find { |name| text.include?("\0#{name}".b) }
        raise CannotStart, "#{linked(path)} #{missing}, which the build's image has and Lambda does not. #{LAYER}" if missing
      end
    end

    def linked(path)
      "Init<LoadError>: #{path.delete_prefix("#{Dir.pwd}/")} needs"
    end

    # bundler/setup compares the version of Ruby, of which Lambda chooses the last number.
    def check_ruby
      pinned = HandlerCheck.bundled? && Bundler.definition.ruby_version&.versions&.grep(/\A(= *)?\d/)&.first
      return unless pinned

      raise CannotStart, "Init<Bundler::RubyVersionMismatch>: with bundler/setup, the function starts with Ruby #{pinned} alone, as the " \
                         "Gemfile says, and Lambda chooses the last number: write ruby '~> #{pinned[/\d+\.\d+/]}.0', and run bundle lock"
    end

    def bundler_cause
      'bundler/setup does not find in the artifact what it needs, or a gemspec asks git, which Lambda does not have. ' \
        'Gems of the groups development and test are not shipped, and folders must be in source.directory'
    end

    def load_cause(error)
      path = error.path.to_s
      return error.message.strip if path.empty?
      return own_cause if path == @file

      missing = path.delete_prefix("#{Dir.pwd}/")
      return "#{place(error)} needs #{missing}.rb, and the artifact does not have it. #{shipping}" if path.start_with?('/')

      "#{place(error)} requires #{path}, and the artifact does not have it. #{gem_cause(path)}"
    end

    def own_cause
      found = find(Dir.pwd)
      return "the artifact has no #{@file}.rb, and has #{found}: set service.handler to #{named(found)}" if found

      found = find(@repository)
      return "the artifact has no #{@file}.rb. The repository has #{found}. #{shipping}" if found

      "neither the artifact nor the directory that is built has #{@file}.rb. Set service.handler to a file and a method that are there"
    end

    def named(found)
      [found.delete_suffix('.rb'), @object, @method].compact.join('.')
    end

    # The likely cause that a gem is missing, from the lock file.
    def gem_cause(path)
      return "Lambda's runtime brings it, but bundler/setup allows no gems but those of the lock file: add it to the Gemfile." if sdk?(path)

      lock = %w[Gemfile.lock gems.locked].map { |name| File.join(@repository, name) }.find { |name| File.file?(name) }
      gem, source = locked(lock ? File.read(lock) : '', path)
      return "Add the gem that has it to the Gemfile, outside of the groups development and test. #{LAYER}" unless gem
      return "#{gem} is in #{File.basename(lock)} for tests only: move it out of the groups development and test." if source == 'GEM'

      "#{gem} is a gem of a #{source == 'GIT' ? 'git repository' : 'folder'}, which only Bundler finds: " \
        "let the handler's file begin with require 'bundler/setup'."
    end

    def sdk?(path)
      HandlerCheck.bundled? && PROVIDED.match?(path)
    end

    # The gem of a lock file that may have a library, and the section that it is in.
    def locked(text, path)
      names = [path, path.tr('/', '-'), path.split('/').first, path.tr('_', '-')]
      section = nil
      text.each_line do |line|
        section = line.strip if line.match?(/\A[A-Z]/)
        gem = line[/\A {4}(\S+) \(/, 1]
        return [gem, section] if names.include?(gem)
      end
      nil
    end

    def find(root)
      Dir.glob("**/#{File.basename(@file)}.rb", base: root).reject { |path| FOREIGN.match?(path) }.min_by(&:length)
    end

    # Whether a path is of what is shipped, or should be.
    def shipped_place?(path)
      at = File.expand_path(path)
      return !File.exist?(at.delete_prefix('/var/task/')) if at.start_with?('/var/task/')

      [Dir.pwd, File.realpath(@repository)].any? { |root| at.start_with?("#{root}/") }
    end

    def shipping
      'The folders spec, test and features, and files of tests, are not shipped, and what is outside of source.directory is not: move it.'
    end

    def receiver
      @object ? Object.const_get(@object) : TOPLEVEL_BINDING.receiver
    rescue NameError
      raise CannotStart, "Function<NameError>: #{@file}.rb has no #{@object}"
    end

    def check_method(receiver)
      # A lambda is a method of its own.
      return check_parameters(receiver) if receiver.is_a?(Proc) && @method == 'call'

      unless receiver.respond_to?(@method, true) && receiver.method(@method).source_location
        there = (@object ? receiver.singleton_methods(false) : Object.private_instance_methods(false)).grep_v(/\A(DelegateClass|Digest)/)
        raise CannotStart, "Function<NoMethodError>: #{[@file, @object].compact.join('.')} has no method #{@method}. " \
                           "It has: #{there.empty? ? 'none' : there.sort.join(', ')}"
      end
      check_parameters(receiver.method(@method))
    end

    def check_parameters(method)
      return if callable?(method.parameters)

      raise CannotStart, "Function<ArgumentError>: Lambda calls #{@method}(event:, context:), and it is written in another way: " \
                         "allowed is def #{@method}(event:, context:)"
    end

    # Whether Ruby calls a method with these parameters with event: and context:.
    def callable?(parameters)
      kinds = parameters.group_by(&:first).transform_values { |all| all.map(&:last) }
      required, optional, rest = %i[req opt rest].map { |kind| kinds.fetch(kind, []).length }
      keys = kinds.fetch(:key, []) + kinds.fetch(:keyreq, [])
      # Without keywords, the two become one Hash.
      return required <= 1 && (required + optional + rest).positive? if keys.empty? && !kinds[:keyrest]

      required.zero? && (kinds.fetch(:keyreq, []) - %i[event context]).empty? && (kinds[:keyrest] || (%i[event context] - keys).empty?)
    end

    # The line of the shipped code that an error comes from.
    def place(error)
      HandlerCheck.place(error)
    end
  end

  module_function

  # Whether Bundler has set up what the handler can load: it then says where the Gemfile is.
  def bundled?
    ENV.key?('BUNDLE_GEMFILE')
  end

  def place(error)
    line = error.backtrace.to_a.find { |l| l.start_with?("#{Dir.pwd}/") && !l.include?('/vendor/bundle/') }
    line ? line[/\A(.+?:\d+)/, 1].delete_prefix("#{Dir.pwd}/") : 'its file'
  end

  # The gem that a loaded file is of, if it is neither shipped nor Ruby's own.
  def gem_of(feature)
    return if feature.start_with?("#{Dir.pwd}/")

    # Debian has gems among the libraries of its vendor.
    vendor = "#{RbConfig::CONFIG['vendordir']}/"
    name = feature[%r{/gems/([^/]+)-\d[^/]*/}, 1]
    name ||= feature.delete_prefix(vendor)[%r{\A(?:[^/]+-linux-[^/]+/)?(?:\d[\d.]+/)?([^/.]+)}, 1] if feature.start_with?(vendor)
    name unless name.nil? || BUNDLED.include?(name) || Gem.loaded_specs[name]&.default_gem?
  end

  def child(report, handler, repository)
    Child.new(handler, repository).load
    outcome = {}
  rescue CannotStart => e
    outcome = { fails: e.message }
  rescue Exception => e # rubocop:disable Lint/RescueException -- Also what ends Ruby.
    outcome = { passes: "#{place(e)}: #{e.class}: #{e.message.strip.lines.first.to_s.strip}" }
  ensure
    File.binwrite(report, Marshal.dump(outcome))
    $stdout.flush
    # Neither threads nor at_exit of the handler's.
    exit!(0)
  end

  # What Lambda sets, and none of the build's rights.
  def environment(bin)
    gems = File.join(Dir.pwd, 'vendor', 'bundle', 'ruby', RbConfig::CONFIG['ruby_version'])
    mine = ENV.keys.grep(/\A(BUNDLE_|RUBY|GEM_|AWS_(CONTAINER|ACCESS|SECRET|SESSION)_)/).to_h { |name| [name, nil] }
    region = ENV.fetch('AWS_REGION', 'us-east-1')
    mine.merge('GEM_PATH' => [gems, Gem.default_dir].join(':'), 'RUBYLIB' => Dir.pwd, 'PATH' => bin, 'AWS_REGION' => region,
               'AWS_EC2_METADATA_DISABLED' => 'true', 'AWS_LAMBDA_FUNCTION_NAME' => 'build', 'LAMBDA_TASK_ROOT' => Dir.pwd)
  end

  # Programs of the build but git, which Lambda does not have, and gemspecs in folders like to ask.
  def programs(folder)
    bin = File.join(folder, 'bin')
    Dir.mkdir(bin)
    Dir.glob(%w[/bin/* /usr/bin/*]).uniq { |path| File.basename(path) }.each do |path|
      File.symlink(path, File.join(bin, File.basename(path))) unless File.basename(path).start_with?('git')
    end
    bin
  end

  # Loads the handler in a child, and returns what came of it.
  def outcome_of(handler, repository)
    Dir.mktmpdir do |folder|
      report = File.join(folder, 'report.json')
      command = [RbConfig.ruby, '-W0', File.expand_path(__FILE__), '--child', report, handler, repository]
      pid = Process.spawn(environment(programs(folder)), *command, in: File::NULL, pgroup: true)
      waiter = Process.detach(pid)
      unless waiter.join(LIMIT)
        Process.kill(:KILL, -pid)
        next { passes: "it still loads after #{LIMIT} seconds" }
      end
      next Marshal.load(File.binread(report)) if File.size?(report) # rubocop:disable Security/MarshalLoad -- The child wrote it.

      signal = waiter.value.termsig
      next { fails: "Runtime.ExitError: #{Signal.signame(signal)} ended Ruby: a gem may be for another processor" } if signal

      { passes: "its file ended Ruby with status #{waiter.value.exitstatus}" }
    end
  end

  def main(handler, repository)
    outcome = outcome_of(handler, repository)
    abort "\nThe build stops: service.handler #{handler} cannot start. #{outcome[:fails]}" if outcome[:fails]
    return puts "The handler #{handler} can start." unless outcome[:passes]

    puts "The handler #{handler} was not loaded to its end: #{outcome[:passes]}. A build lacks the functions' variables, rights " \
         'and network, so this may be right: the smoke test shows whether it is.'
  end
end

if ARGV.first == '--child'
  HandlerCheck.child(*ARGV.drop(1))
else
  HandlerCheck.main(*ARGV)
end
