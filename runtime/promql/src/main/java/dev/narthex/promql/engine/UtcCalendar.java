// SPDX-License-Identifier: Apache-2.0
package dev.narthex.promql.engine;

/** Parts of the date and time in UTC at a moment that is given in seconds since 1970; fractions are cut off. */
final class UtcCalendar {
    private static final long DAY_SECONDS = 86_400;
    /** Days from the first of March of the year 0 to 1970. */
    private static final long EPOCH_DAYS = 719_468;

    private static final long DAYS_OF_400_YEARS = 146_097;

    private UtcCalendar() {}

    private static long seconds(double moment) {
        // What does not fit is the end of time, as it comes out of Go's clock.
        return moment >= Long.MIN_VALUE && moment < Long.MAX_VALUE ? (long) moment : Long.MAX_VALUE;
    }

    private static long days(double moment) {
        return Math.floorDiv(seconds(moment), DAY_SECONDS);
    }

    static double minute(double moment) {
        long minute = Math.floorMod(seconds(moment), 3600L) / 60;
        return minute;
    }

    static double hour(double moment) {
        long hour = Math.floorMod(seconds(moment), DAY_SECONDS) / 3600;
        return hour;
    }

    /** From 0 for Sunday to 6 for Saturday. */
    static double dayOfWeek(double moment) {
        return Math.floorMod(days(moment) + 4, 7L);
    }

    static double dayOfMonth(double moment) {
        return date(days(moment))[2];
    }

    static double month(double moment) {
        return date(days(moment))[1];
    }

    static double year(double moment) {
        return date(days(moment))[0];
    }

    /** From 1 on. */
    static double dayOfYear(double moment) {
        long days = days(moment);
        return days - firstOfMonth(date(days)[0], 1) + 1;
    }

    static double daysInMonth(double moment) {
        long[] date = date(days(moment));
        boolean december = date[1] == 12;
        return firstOfMonth(december ? date[0] + 1 : date[0], december ? 1 : date[1] + 1)
                - firstOfMonth(date[0], date[1]);
    }

    /**
     * Year, month and day of a day since 1970, in the Gregorian calendar however far back. Years are counted from March
     * on, so that the leap day is the last of them, in eras of 400 years, which are all alike.
     */
    private static long[] date(long days) {
        long sinceMarch0 = days + EPOCH_DAYS;
        long era = Math.floorDiv(sinceMarch0, DAYS_OF_400_YEARS);
        long dayOfEra = Math.floorMod(sinceMarch0, DAYS_OF_400_YEARS);
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long marchMonth = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
        long month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        return new long[] {yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day};
    }

    private static long firstOfMonth(long year, long month) {
        long marchYear = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(marchYear, 400L);
        long yearOfEra = Math.floorMod(marchYear, 400L);
        long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
        return era * DAYS_OF_400_YEARS + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - EPOCH_DAYS;
    }
}
