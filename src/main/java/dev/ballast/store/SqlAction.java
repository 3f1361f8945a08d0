package dev.ballast.store;

import java.sql.SQLException;

/** Something that is done to the database. */
@FunctionalInterface
interface SqlAction {
  void run() throws SQLException;
}
