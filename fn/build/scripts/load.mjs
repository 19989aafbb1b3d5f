// Loads a Lambda handler as the Node.js runtime would, from the directory that is shipped. Usage: node load.mjs dist/app.handler
// It fails if the handler cannot start, and passes if its module ran and only missed what a build has not: a network, secrets, time.
