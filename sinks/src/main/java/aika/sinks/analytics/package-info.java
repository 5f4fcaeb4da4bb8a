/** The sink analytics: tables for questions, in DuckDB or PostgreSQL. */
@NullMarked
package aika.sinks.analytics;

import org.jspecify.annotations.NullMarked;
