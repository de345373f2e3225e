/* The program as a function, so that tests can call it. */
#ifndef WEFT_CLI_CLI_H
#define WEFT_CLI_CLI_H

/* Runs one command line; gives the exit status. */
int weft_cli_main(int argc, char **argv);

#endif
